import Contract
import HTTPServer
import Indicators

/// The checked query parameters of a request to the API or a page. Problems name the parameter.
struct QueryParameters {
  private var values: [ExactText: String] = [:]
  private static let longestText = 256
  /// Parameters that may be given more than once; all their values are in the request.
  private static let repeatable: Set<ExactText> = ["of"]

  init(_ request: Request, allowed: Set<ExactText>) throws(Problem) {
    for (name, value) in request.query {
      guard allowed.contains(ExactText(name)) else {
        throw .badParameter(name, "there is no such parameter here")
      }
      guard
        values.updateValue(value, forKey: ExactText(name)) == nil || Self.repeatable.contains(ExactText(name))
      else {
        throw .badParameter(name, "it is given more than once")
      }
    }
  }

  /// For a page: ignores empty parameters, which forms send, and those that are not `known`.
  init(ofPage request: Request, known: Set<ExactText>) throws(Problem) {
    for (name, value) in request.query where known.contains(ExactText(name)) && !value.isEmpty {
      guard values.updateValue(value, forKey: ExactText(name)) == nil else {
        throw .badParameter(name, "it is given more than once")
      }
    }
  }

  /// Nil for the newest month.
  func month() throws(Problem) -> String? { try month("month") }

  /// What numbers are compared with (`against` or `since`); nil if neither is given.
  func comparison() throws(Problem) -> ExplanationQuery.Comparison? {
    let against = try month("against").flatMap { Month($0) }
    guard let moment = try instant("since") else { return against.map { .month($0) } }
    guard against == nil else { throw .badParameter("since", "it excludes against") }
    return .moment(moment)
  }

  /// In milliseconds since 1970; nil where there is none.
  private func instant(_ name: String) throws(Problem) -> Int64? {
    guard let text = values[ExactText(name)] else { return nil }
    guard let instant = text.withUTF8Bytes({ Timestamp(rfc3339: $0) }) else {
      throw .badParameter(name, "it is not an instant such as 2026-11-05T10:00:00Z")
    }
    return instant.milliseconds
  }

  /// By days if nothing else is given.
  func historyPage() throws(Problem) -> NumberHistory.Page {
    guard let unit = NumberHistory.Page.Unit(rawValue: values["by"] ?? "day") else {
      throw .badParameter("by", "it is none of day, hour, minute and arrival")
    }
    return NumberHistory.Page(by: unit, before: try instant("before"), limit: try limit(1...100, else: 50))
  }

  private func month(_ name: String) throws(Problem) -> String? {
    guard let text = values[ExactText(name)] else { return nil }
    guard Month(text) != nil else {
      throw .badParameter(name, "it is not a month such as 2026-11")
    }
    return text
  }

  func cell() throws(Problem) -> Cell {
    let cell = Cell(product: try id("product"), workload: try id("workload"), country: try country())
    if !cell.workload.isEmpty, cell.product.isEmpty {
      throw .badParameter("workload", "it needs a product")
    }
    return cell
  }

  /// The language of names; English if none is given.
  func language() throws(Problem) -> Language {
    guard let name = values["lang"] else { return .english }
    guard let language = Language(rawValue: name) else {
      throw .badParameter("lang", "it is neither en nor fr")
    }
    return language
  }

  /// Nil for all.
  func indicator() throws(Problem) -> IndicatorKind? {
    guard let name = values["indicator"] else { return nil }
    guard let kind = IndicatorKind(name: name) else {
      throw .badParameter("indicator", "it is not one such as net_new_revenue")
    }
    return kind
  }

  /// How many items to list; by default within 1 to 10,000, and 1,000 if none is given.
  func limit(_ range: ClosedRange<Int> = 1...10_000, else usual: Int = 1_000) throws(Problem) -> Int {
    guard let text = values["limit"] else { return usual }
    guard let limit = Int(text), range.contains(limit) else {
      throw .badParameter(
        "limit", "it is not a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return limit
  }

  /// Empty for the beginning.
  func after() throws(Problem) -> String { try text("after") }

  /// The id of a product or workload; empty for all.
  func id(_ name: String) throws(Problem) -> String {
    let text = try text(name)
    // "|" separates the fields of keys.
    guard !text.utf8.contains(UInt8(ascii: "|")) else { throw .badParameter(name, "it holds a bar") }
    return text
  }

  /// Empty if it is not given.
  func text(_ name: String) throws(Problem) -> String {
    let text = values[ExactText(name)] ?? ""
    guard text.unicodeScalars.count <= Self.longestText else {
      throw .badParameter(name, "it is longer than \(Self.longestText) characters")
    }
    return text
  }

  /// Empty for all.
  func country() throws(Problem) -> String {
    let text = values["country"] ?? ""
    let capitals = UInt8(ascii: "A")...UInt8(ascii: "Z")
    guard text.isEmpty || (text.utf8.count == 2 && text.utf8.allSatisfy(capitals.contains)) else {
      throw .badParameter("country", "it is not a country such as FR")
    }
    return text
  }
}
