import Foundation
import Indicators
import Testing

@Suite("The fingerprint of a catalog")
struct CatalogFingerprintTests {
  private func catalog(
    currency: String = "USD", countries: Set<String> = ["CN", "DE"], exams: [String] = ["MB-1", "MB-2"],
    name: String = "Sales", product: String = "crm"
  ) throws -> Catalog {
    try Catalog(
      reportingCurrency: currency, excludedPartnerCountries: countries,
      products: [
        Catalog.Product(
          id: product, name: name,
          workloads: [
            Catalog.Workload(id: "sales", name: name, exams: exams),
            Catalog.Workload(id: "service", name: "Service", exams: []),
          ]),
        Catalog.Product(id: "erp", name: "ERP", workloads: []),
      ])
  }

  @Test("It is pinned: other bytes would refuse every result that there is")
  func pinned() throws {
    #expect(try catalog().fingerprint == "9b82decf2bac78fff9191f729f057020")
  }

  @Test("What reaches a result changes it")
  func changes() throws {
    let all = [
      try catalog(), try catalog(currency: "EUR"), try catalog(countries: ["CN"]),
      try catalog(countries: []), try catalog(exams: ["MB-1"]), try catalog(exams: ["MB-1", "MB-3"]),
      try catalog(product: "crm2"), try catalog(product: "e\u{301}"), try catalog(product: "\u{e9}"),
    ].map(\.fingerprint)
    #expect(Set(all).count == all.count)
  }

  @Test("Names and the order of lists do not")
  func doesNotChange() throws {
    #expect(try catalog(name: "Vente").fingerprint == catalog().fingerprint)
    #expect(try catalog(exams: ["MB-2", "MB-1", "MB-2"]).fingerprint == catalog().fingerprint)
    let turned = try Catalog(
      reportingCurrency: "USD", excludedPartnerCountries: ["DE", "CN"],
      products: [
        Catalog.Product(id: "erp", name: "", workloads: []),
        Catalog.Product(
          id: "crm", name: "",
          workloads: [
            Catalog.Workload(id: "service", name: "", exams: []),
            Catalog.Workload(id: "sales", name: "", exams: ["MB-2", "MB-1"]),
          ]),
      ])
    #expect(turned.fingerprint == (try catalog().fingerprint))
  }
}
