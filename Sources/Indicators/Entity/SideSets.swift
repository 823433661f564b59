import Contract

/// Sets of product sides that facts fall into, each kept once: many subscriptions, few sets.
struct SideSets {
  private var sets: [[SideIndex]] = []
  private var numbers: [[SideIndex]: Int32] = [:]
  /// By product, the sides of no workload.
  private let catalog: Catalog

  init(catalog: Catalog) { self.catalog = catalog }

  subscript(number: Int32) -> [SideIndex] { sets[Int(number)] }

  /// The number of the set of a product with workloads: all, the product, and each of its workloads that is listed.
  mutating func number(product: Int16, workloads: some Sequence<SideIndex>) -> Int32 {
    let set = [allProducts, catalog.productSides[Int(product)]] + Set(workloads).sorted()
    if let number = numbers[set] { return number }
    let number = Int32(sets.count)
    sets.append(set)
    numbers[set] = number
    return number
  }
}
