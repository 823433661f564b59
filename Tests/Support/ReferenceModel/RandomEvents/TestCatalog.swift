import Foundation

/// The catalog of the random event sets: workloads and exams that several products share, a product without
/// workloads, an id that looks like another one.
package let testCatalog = Data(
  """
  {
    "reportingCurrency": "EUR",
    "excludedPartnerCountries": ["CN", "DE"],
    "products": [
      {"id": "A", "name": "A", "workloads": [
        {"id": "a", "name": "a", "exams": ["E1", "E2"]},
        {"id": "ab", "name": "ab", "exams": ["E3"]}]},
      {"id": "B", "name": "B", "workloads": [
        {"id": "ab", "name": "ab", "exams": ["E3", "E4"]},
        {"id": "caf\u{e9}", "name": "caf\u{e9}", "exams": ["E1"]},
        {"id": "b", "name": "b", "exams": []}]},
      {"id": "N", "name": "N", "workloads": []}
    ]
  }
  """.utf8)
