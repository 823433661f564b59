import Foundation

/// The catalog as the reference model reads it, straight from the JSON form.
package struct ModelCatalog: Decodable {
  struct Product: Decodable {
    var id: String
    var workloads: [Workload]
  }

  struct Workload: Decodable {
    var id: String
    var exams: [String]
  }

  package var reportingCurrency: String
  var excludedPartnerCountries: [String]
  var products: [Product]

  package init(json: Data) throws {
    self = try JSONDecoder().decode(ModelCatalog.self, from: json)
  }

  func product(_ id: String) -> Product? {
    products.first { ModelText($0.id) == ModelText(id) }
  }
}

extension ModelCatalog.Product {
  func lists(_ workload: String) -> Bool {
    workloads.contains { ModelText($0.id) == ModelText(workload) }
  }
}
