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
        [partnerID, month, cell.product, cell.workload, cell.country].map { CSVField($0).text }
          + indicator.fields)
    }
    return lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
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

  /// A number stays one, also below zero; what is not finite is none.
  private static func field(_ value: Double?) -> String {
    value.flatMap { $0.isFinite ? $0.description : nil } ?? ""
  }
}
