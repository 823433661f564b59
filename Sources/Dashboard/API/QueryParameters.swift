import Contract
import HTTPServer
import Indicators

/// The query of a request to the API, checked. What is wrong with it names the parameter.
struct QueryParameters {
  private var values: [ExactText: String] = [:]
  private static let longestText = 256
  /// What may be given more than once; the request has them all.
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

  /// Of a page: empty ones are as if they were not there, as forms send them, and those that are not `known` are ignored.
  init(ofPage request: Request, known: Set<ExactText>) throws(Problem) {
    for (name, value) in request.query where known.contains(ExactText(name)) && !value.isEmpty {
      guard values.updateValue(value, forKey: ExactText(name)) == nil else {
        throw .badParameter(name, "it is given more than once")
      }
    }
  }

  /// Nil for the newest month.
  func month() throws(Problem) -> String? { try month("month") }

  /// Nil for the month before the one that is asked for.
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

  /// By days where nothing else is asked for.
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

  /// Of names; English where none is asked for.
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

  /// From 1 to 10,000 unless there are fewer to be had.
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
    // Keys hold their fields between bars.
    guard !text.utf8.contains(UInt8(ascii: "|")) else { throw .badParameter(name, "it holds a bar") }
    return text
  }

  /// Empty where there is none.
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
