import Contract
import HTTPServer
import Indicators
import SnapshotView

/// The query of a page: `/?partner=…&month=…&product=…&workload=…&country=…&lang=…`, each optional. Unknown parameters, such as
/// those that mail programs add to links, are ignored.
package struct PageQuery: Sendable {
  package var partner: String?
  package var month: String?
  package var cell: Cell
  /// The customer that an explanation is limited to; empty for all.
  var customer = ""
  /// What an explanation compares with; nil for no comparison.
  var comparison: ExplanationQuery.Comparison?
  /// Which page of a history is shown.
  var historyPage: NumberHistory.Page
  /// The language that the reader has switched to; nil if the address names none.
  package var language: Language?

  private static let names: Set<ExactText> = [
    "partner", "month", "product", "workload", "country", "lang", "indicator", "customer", "against", "since",
    "by",
    "before",
  ]

  package init(_ request: Request) throws(Problem) {
    let parameters = try QueryParameters(ofPage: request, known: Self.names)
    let partner = try parameters.text("partner")
    self.partner = partner.isEmpty ? nil : partner
    month = try parameters.month()
    // Checked separately: `checked` drops a workload that is not one of the product's.
    cell = Cell(
      product: try parameters.id("product"), workload: try parameters.id("workload"),
      country: try parameters.country())
    customer = try parameters.text("customer")
    comparison = try parameters.comparison()
    historyPage = try parameters.historyPage()
    language = Self.language(of: request)
  }

  /// The language in a request, even if that is otherwise invalid.
  static func language(of request: Request) -> Language? { request.query("lang").flatMap(Language.init) }

  /// The query without a workload that the product does not have, as when only the product was changed.
  func checked(_ view: SnapshotView) -> PageQuery {
    var checked = self
    if !view.hasWorkload(cell.workload, ofProduct: cell.product) { checked.cell.workload = "" }
    if cell.product.isEmpty { checked.cell.workload = "" }
    return checked
  }

  /// The page's address in another language.
  func link(_ language: Language) -> String { Self.path("/", items + [("lang", language.rawValue)]) }

  /// The parameters that are set, except the language.
  var items: [(String, String)] {
    [
      ("partner", partner ?? ""), ("month", month ?? ""), ("product", cell.product),
      ("workload", cell.workload),
      ("country", cell.country),
    ].filter { !$0.1.isEmpty }
  }

  /// A path with a query.
  static func path(_ path: String, _ items: [(String, String)]) -> String {
    items.isEmpty ? path : path + "?" + query(items)
  }

  static func query(_ items: [(String, String)]) -> String {
    items.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
  }

  /// Percent-encodes all but the unreserved characters of RFC 3986.
  static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      if isUnreserved(byte) { return String(UnicodeScalar(byte)) }
      let hex = String(byte, radix: 16, uppercase: true)
      return "%" + (hex.count < 2 ? "0" : "") + hex
    }.joined()
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }
}
