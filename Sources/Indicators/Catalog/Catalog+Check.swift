/// What is wrong with a catalog.
package struct CatalogError: Error, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

extension Catalog {
  /// No more products and workloads than keys in memory have room for.
  static let mostSides = 10_000

  static func check(
    _ reportingCurrency: String, _ excludedPartnerCountries: Set<String>, _ products: [Product]
  ) throws(CatalogError) {
    guard reportingCurrency.utf8.count == 3,
      reportingCurrency.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) })
    else {
      throw CatalogError("reportingCurrency \"\(reportingCurrency)\" is not an ISO 4217 code such as \"USD\"")
    }
    for country in excludedPartnerCountries.sorted() where country.isEmpty || Country(country) == nil {
      throw CatalogError("excludedPartnerCountries: \"\(country)\" is not two capital letters")
    }
    guard products.reduce(1, { $0 + 1 + $1.workloads.count }) <= mostSides else {
      throw CatalogError("more than \(mostSides) products and workloads")
    }
    try checkIDs(products.map(\.id), what: "product")
    for product in products {
      try checkName(product.name, of: "product \"\(product.id)\"")
      for workload in product.workloads {
        try checkName(workload.name, of: "workload \"\(workload.id)\" of product \"\(product.id)\"")
        for exam in workload.exams where exam.utf8.count > EventLimits.id {
          throw CatalogError(
            "workload \"\(workload.id)\" of product \"\(product.id)\" lists an exam code longer than "
              + "\(EventLimits.id) bytes")
        }
      }
      try checkIDs(product.workloads.map(\.id), what: "workload of product \"\(product.id)\"")
      for workload in product.workloads where workload.exams.contains("") {
        throw CatalogError(
          "workload \"\(workload.id)\" of product \"\(product.id)\" lists an exam without a code")
      }
    }
  }

  private static func checkName(_ name: String, of what: String) throws(CatalogError) {
    guard name.utf8.count <= EventLimits.name else {
      throw CatalogError("the name of \(what) is longer than \(EventLimits.name) bytes")
    }
  }

  private static func checkIDs(_ ids: [String], what: String) throws(CatalogError) {
    // Ids are compared by their bytes, whatever they look like.
    var seen: Set<[UInt8]> = []
    for id in ids {
      if id.isEmpty { throw CatalogError("a \(what) has no id") }
      if id.utf8.count > EventLimits.id {
        throw CatalogError(
          "the id of a \(what) is longer than \(EventLimits.id) bytes: \"\(id.prefix(40))…\"")
      }
      // This character separates the parts of snapshot keys.
      if id.utf8.contains(UInt8(ascii: "|")) {
        throw CatalogError("\(what) \"\(id)\": an id must not contain \"|\"")
      }
      if !seen.insert(Array(id.utf8)).inserted { throw CatalogError("\(what) \"\(id)\" is listed twice") }
    }
  }
}
