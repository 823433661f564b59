import Contract
import SnapshotView

/// The filters under which a partner has a snapshot in a month. Ids, ordered by their bytes.
package struct FilterChoices: Sendable, Hashable {
  package var products: [String] = []
  /// The workloads of the chosen product; empty without one.
  package var workloads: [String] = []
  /// ISO 3166-1 alpha-2.
  package var countries: [String] = []

  package init() {}

  init(_ cells: [Cell], product: String) {
    for cell in cells {
      switch (cell.product.isEmpty, cell.workload.isEmpty, cell.country.isEmpty) {
      case (true, true, false): countries.append(cell.country)
      case (false, true, true): products.append(cell.product)
      case (false, false, true) where cell.product.hasSameUTF8(as: product):
        workloads.append(cell.workload)
      default: break
      }
    }
  }
}
