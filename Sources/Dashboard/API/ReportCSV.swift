import Contract

extension PartnerReport {
  /// A table (RFC 4180) with a row for each indicator.
  var csv: String {
    var header = ["partner", "month", "product", "workload", "country", "indicator", "value", "previous"]
    header += ["trend", "segment", "partners"]
    for number in 1...4 {
      header += ["segment_\(number)_partners", "segment_\(number)_min", "segment_\(number)_max"]
    }
    var lines = [header]
    for indicator in indicators {
      lines.append(
        [partnerID, month, cell.product, cell.workload, cell.country].map(Self.field) + indicator.fields)
    }
    return lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  /// A text as a field. Spreadsheets would take some for formulas; an apostrophe makes them take it as it is.
  private static func field(_ text: String) -> String {
    let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
    let safe = isFormula ? "'" + text : text
    guard safe.utf8.contains(where: ",\"\r\n".utf8.contains) else { return safe }
    let doubled = safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
    return "\"\(doubled)\""
  }
}

extension IndicatorReport {
  fileprivate var fields: [String] {
    var fields = [kind.name, Self.field(value), Self.field(previous), trend.name?.description ?? ""]
    fields += [ownSegment.map { String($0.number) } ?? "", String(partners)]
    for number in 1...4 {
      let segment = segments.first { $0.number == number }
      fields.append(segment.map { String($0.partners) } ?? "")
      if case .shown(let least, let greatest)? = segment?.range {
        fields += [Self.field(least), Self.field(greatest)]
      } else {
        fields += ["", ""]
      }
    }
    return fields
  }

  private static func field(_ value: Double?) -> String { value.map(\.description) ?? "" }
}
