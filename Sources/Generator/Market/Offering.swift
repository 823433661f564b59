import Indicators

/// What the market sells: the products of the catalog, and one that is not in it.
struct Offering {
  struct Product {
    var id: String
    var workloads: [String]
    /// Dollars for a seat and month.
    var price: Int64
    /// Exams that count towards any of its workloads, each once.
    var exams: [String]
  }

  /// In the catalog.
  let products: [Product]
  /// Partners sell it all the same; it counts nowhere.
  let unlisted = Product(id: "dynamics-classic", workloads: ["classic"], price: 40, exams: [])

  init(_ catalog: Catalog) {
    let prices: [Int64] = [95, 180, 70, 65, 120, 100]
    products = catalog.products.enumerated().map { index, product in
      var exams: [String] = []
      for exam in product.workloads.flatMap(\.exams) where !exams.contains(exam) { exams.append(exam) }
      return Product(
        id: product.id, workloads: product.workloads.map(\.id), price: prices[index % prices.count],
        exams: exams)
    }
  }

  /// A product's number; the unlisted one's is -1.
  subscript(number: Int) -> Product { number < 0 ? unlisted : products[number] }
}
