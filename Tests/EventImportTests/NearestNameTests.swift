import EventImport
import Testing

@Suite struct NearestNameTests {
  static let names = ["customerId", "name", "country", "effectiveAt", "revision"]

  @Test(
    arguments: [
      ("custmerId", "customerId"), ("CustomerID", "customerId"), ("customer_ids", "customerId"),
      ("effectvieAt", "effectiveAt"), ("nmae", "name"), ("contry", "country"), ("rev", nil), ("seats", nil),
      ("x", nil), ("", nil), (String(repeating: "name", count: 10_000), nil),
    ] as [(String, String?)])
  func isTheOneThatASlipIsFor(name: String, nearest: String?) {
    #expect(nearestName(to: name, among: Self.names) == nearest)
  }

  @Test func isNoneAmongNone() { #expect(nearestName(to: "name", among: []) == nil) }
}
