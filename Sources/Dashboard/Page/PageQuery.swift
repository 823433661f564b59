import Contract
import HTTPServer
import SnapshotView

/// What a request asks of the page: `/?partner=…&month=…&product=…&workload=…&country=…&lang=…`, each optional.
package struct PageQuery: Sendable {
  package var partner: String?
  package var month: String?
  package var cell: Cell
  /// The language that was chosen by the switch.
  package var language: Language?

  package init(_ request: Request) {
    func item(_ name: String) -> String? {
      request.query(name).flatMap { $0.isEmpty ? nil : $0 }
    }
    partner = item("partner")
    month = item("month")
    cell = Cell(
      product: item("product") ?? "", workload: item("workload") ?? "", country: item("country") ?? "")
    language = item("lang").flatMap(Language.init)
  }

  /// Without a workload that the product does not have, as when only the product was changed.
  func checked(_ view: SnapshotView) -> PageQuery {
    var checked = self
    if !view.hasWorkload(cell.workload, ofProduct: cell.product) { checked.cell.workload = "" }
    if cell.product.isEmpty { checked.cell.workload = "" }
    return checked
  }

  /// The page's address with another language.
  func link(_ language: Language) -> String {
    var items: [(String, String)] = []
    if let partner { items.append(("partner", partner)) }
    if let month { items.append(("month", month)) }
    for (name, value) in [("product", cell.product), ("workload", cell.workload), ("country", cell.country)]
    where !value.isEmpty { items.append((name, value)) }
    items.append(("lang", language.rawValue))
    return "/?" + items.map { "\($0.0)=\(Self.encoded($0.1))" }.joined(separator: "&")
  }

  /// Percent-encoded but for what RFC 3986 calls unreserved.
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
