import Contract

/// The sets of product sides that facts count in, each stored once: there are many subscriptions and few sets.
struct ProductSideSets {
  private(set) var sets: [[SideIndex]]
  private var numbers: [[SideIndex]: Int32] = [:]
  private let catalog: Catalog

  init(catalog: Catalog, sets: [[SideIndex]] = []) {
    self.catalog = catalog
    self.sets = sets
    for (number, set) in sets.enumerated() { numbers[set] = Int32(number) }
  }

  var count: Int { sets.count }

  subscript(number: Int32) -> [SideIndex] { sets[Int(number)] }

  /// The number of the set for a product with workloads: all, the product, and each of its listed workloads.
  mutating func number(product: Int16, workloads: some Sequence<SideIndex>) -> Int32 {
    let set = [allProducts, catalog.productSides[Int(product)]] + Set(workloads).sorted()
    if let number = numbers[set] { return number }
    let number = Int32(sets.count)
    sets.append(set)
    numbers[set] = number
    return number
  }
}
