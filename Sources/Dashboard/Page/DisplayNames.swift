/// What products and workloads are called on the page. They are brands, the same in both languages.
public struct DisplayNames: Sendable {
  private var products: [String: String] = [:]
  private var workloads: [String: [String: String]] = [:]

  public init() {}

  /// Gives a product a name, and its workloads by their ids.
  public mutating func add(product: String, name: String, workloads: [String: String]) {
    products[product] = name
    self.workloads[product] = workloads
  }

  /// The id itself where there is no name.
  func product(_ id: String) -> String { products[id] ?? id }
  func workload(_ id: String, ofProduct product: String) -> String { workloads[product]?[id] ?? id }
}
