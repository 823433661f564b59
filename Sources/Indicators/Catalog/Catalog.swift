/// The catalog file, checked and indexed: products, their workloads, the exams that count towards each, and which partners are
/// ranked.
package struct Catalog: Sendable, Hashable {
  /// A product on offer; `name` is what the page shows.
  package struct Product: Sendable, Hashable, Codable {
    package var id: String
    package var name: String
    package var workloads: [Workload]

    package init(id: String, name: String, workloads: [Workload]) {
      (self.id, self.name, self.workloads) = (id, name, workloads)
    }
  }

  /// A part of a product that instances, usage and exams belong to.
  package struct Workload: Sendable, Hashable, Codable {
    package var id: String
    package var name: String
    /// Exam codes, such as "MB-200".
    package var exams: [String]

    package init(id: String, name: String, exams: [String]) {
      (self.id, self.name, self.exams) = (id, name, exams)
    }
  }

  /// ISO 4217; billing lines in another currency are rejected.
  package let reportingCurrency: String
  /// Partners in these countries are neither shown nor ranked.
  package let excludedPartnerCountries: Set<String>
  package let products: [Product]

  /// All product sides: side 0 is "all", and each product is followed by its workloads.
  let sides: [ProductSide]
  /// By product id.
  let productIndex: [Identity: Int16]
  /// The index of a workload id, whatever products list it.
  let workloadIndex: [Identity: Int16]
  /// By product, then by workload index: the sides of a fact in that workload (all, the product's, the workload's own), or
  /// nil if the product does not list the workload.
  let workloadSides: [[[SideIndex]?]]
  /// By product: its own side.
  let productSides: [SideIndex]
  /// By exam: the sides towards which it counts.
  let examSides: [Identity: [SideIndex]]
  let excludedCountries: Set<Country>

  /// Checks and indexes a catalog; throws a `CatalogError` that says what is wrong with it.
  package init(
    reportingCurrency: String, excludedPartnerCountries: Set<String>, products: [Product]
  ) throws(CatalogError) {
    try Catalog.check(reportingCurrency, excludedPartnerCountries, products)
    self.reportingCurrency = reportingCurrency
    self.excludedPartnerCountries = excludedPartnerCountries
    self.products = products
    excludedCountries = Set(excludedPartnerCountries.compactMap(Country.init))
    // Checkpoints contain the indexes that are assigned here.
    let products = Catalog.canonical(products)

    var sides = [ProductSide(product: "", workload: "")]
    var productIndex: [Identity: Int16] = [:]
    var workloadIndex: [Identity: Int16] = [:]
    for (index, product) in products.enumerated() {
      productIndex[Identity(product.id)] = Int16(index)
      for workload in product.workloads where workloadIndex[Identity(workload.id)] == nil {
        workloadIndex[Identity(workload.id)] = Int16(workloadIndex.count)
      }
    }
    var workloadSides: [[[SideIndex]?]] = []
    var productSides: [SideIndex] = []
    var examSides: [Identity: Set<SideIndex>] = [:]
    for product in products {
      let productSide = SideIndex(sides.count)
      productSides.append(productSide)
      sides.append(ProductSide(product: product.id, workload: ""))
      var ofProduct = [[SideIndex]?](repeating: nil, count: workloadIndex.count)
      for workload in product.workloads {
        let side = SideIndex(sides.count)
        sides.append(ProductSide(product: product.id, workload: workload.id))
        if let index = workloadIndex[Identity(workload.id)] {
          ofProduct[Int(index)] = [allProducts, productSide, side]
        }
        for exam in workload.exams {
          examSides[Identity(exam), default: []].formUnion([allProducts, productSide, side])
        }
      }
      workloadSides.append(ofProduct)
    }
    self.sides = sides
    self.productIndex = productIndex
    self.workloadIndex = workloadIndex
    self.workloadSides = workloadSides
    self.productSides = productSides
    self.examSides = examSides.mapValues { $0.sorted() }
  }
}

/// The product side of a cell: all, a product, or a product's workload.
struct ProductSide: Sendable, Hashable {
  /// Empty for all.
  var product: String
  /// Empty for all of the product's.
  var workload: String
}

/// An index into `Catalog.sides`.
typealias SideIndex = UInt16

let allProducts: SideIndex = 0
