import Contract

/// What the page needs besides the result.
package struct PageSettings: Sendable {
  package var names: DisplayNames
  package var partners = PartnerNames()
  /// ISO 4217.
  package var currency: String
  /// Where people sign in; nil if that is not configured.
  package var signIn: SignInAddress?

  package init(names: DisplayNames = DisplayNames(), currency: String = "USD") {
    (self.names, self.currency) = (names, currency)
  }
}

/// The names of products and workloads, from the catalog. They are brands, the same in both languages.
package struct DisplayNames: Sendable {
  private var products: [ExactText: String] = [:]
  /// By product, then by workload.
  private var workloads: [ExactText: [ExactText: String]] = [:]

  package init() {}

  /// Adds the names of a product and its workloads; if an id occurs twice, the last name counts.
  package mutating func add(product: String, name: String, workloads: [(id: String, name: String)]) {
    products[ExactText(product)] = name
    self.workloads[ExactText(product)] = Dictionary(workloads.map { (ExactText($0.id), $0.name) }) { $1 }
  }

  /// The name, or the id if there is none.
  package func product(_ id: String) -> String { products[ExactText(id)] ?? id }
  package func workload(_ id: String, ofProduct product: String) -> String {
    workloads[ExactText(product)]?[ExactText(id)] ?? id
  }
}
