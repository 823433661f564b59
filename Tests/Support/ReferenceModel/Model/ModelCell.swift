import Contract

/// The product side of a cell; empty means all.
struct ModelSide: Hashable {
  var product = ModelText("")
  var workload = ModelText("")
}

/// A partner and a cell.
struct PartnerCell: Hashable {
  var partner: ModelText
  var side: ModelSide
  var country: ModelText

  var cell: Cell {
    Cell(product: side.product.text, workload: side.workload.text, country: country.text)
  }
}

extension ModelCatalog {
  /// The product sides that revenue, seats and customers of a subscription count in.
  func sides(of subscription: Subscription<String>) -> Set<ModelSide> {
    guard let product = product(subscription.product) else { return [] }
    let id = ModelText(product.id)
    let workloads = subscription.workloads.filter { product.lists($0) }
    return Set([ModelSide(), ModelSide(product: id)])
      .union(workloads.map { ModelSide(product: id, workload: ModelText($0)) })
  }

  /// The product sides that usage or an instance in `workload` of a subscription counts in.
  func sides(of subscription: Subscription<String>, workload: String) -> Set<ModelSide> {
    guard let product = product(subscription.product), product.lists(workload) else { return [] }
    let id = ModelText(product.id)
    return [ModelSide(), ModelSide(product: id), ModelSide(product: id, workload: ModelText(workload))]
  }

  /// The product sides that a holder of `exams` is certified for.
  func sides(ofExams exams: Set<ModelText>) -> Set<ModelSide> {
    var sides: Set<ModelSide> = []
    for product in products {
      for workload in product.workloads where !exams.isDisjoint(with: workload.exams.map(ModelText.init)) {
        let id = ModelText(product.id)
        sides.formUnion([
          ModelSide(), ModelSide(product: id), ModelSide(product: id, workload: ModelText(workload.id)),
        ])
      }
    }
    return sides
  }
}

extension Subscription<String> {
  var isLive: Bool { status == .active || status == .inGrace }

  var paidSeats: Int64 { kind == .paid && isLive ? seats : 0 }
}
