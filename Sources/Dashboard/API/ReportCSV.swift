import Contract
import SnapshotView

extension ReportFile {
  /// Tells spreadsheets that the file is UTF-8.
  private static let byteOrderMark = "\u{feff}"

  /// A table (RFC 4180) with a row for each indicator.
  var table: String {
    var header = ["partner", "month", "product", "workload", "country", "indicator", "value", "previous"]
    header += ["trend", "segment", "partners"]
    for number in 1...4 {
      header += ["segment_\(number)_partners", "segment_\(number)_min", "segment_\(number)_max"]
    }
    header += ["year_ago", "in_progress"] + Self.namesHeader + ["indicator_name", "currency"]
    return Self.text(
      [header]
        + report.indicators.map { indicator in
          keys + [report.month] + filters + indicator.fields + [progress(report.month)] + namesFields
            + [
              field(IndicatorTexts(indicator.kind, language).name),
              indicator.kind.definition.format == .money ? names.currency : "",
            ]
        })
  }

  /// A table (RFC 4180) with a row for each of the twelve months, and a column for each indicator.
  var history: String {
    let header =
      ["partner", "month", "product", "workload", "country", "in_progress"]
      + IndicatorKind.allCases.map(\.name)
      + Self.namesHeader + ["currency"]
    let months = report.indicators.first?.history.map(\.month) ?? []
    return Self.text(
      [header]
        + months.enumerated().map { index, month in
          keys + [month] + filters + [progress(month)]
            + report.indicators.map { IndicatorReport.field($0.history[index].value) } + namesFields
            + [names.currency]
        })
  }

  private static let namesHeader = ["partner_name", "product_name", "workload_name", "country_name"]

  private var keys: [String] { [field(report.partnerID)] }
  private var filters: [String] {
    [report.cell.product, report.cell.workload, report.cell.country].map(field)
  }
  private var namesFields: [String] { [partnerName, productName, workloadName, countryName].map(field) }

  private func progress(_ month: String) -> String {
    report.isInProgress && month.hasSameUTF8(as: report.month) ? "true" : "false"
  }

  private func field(_ text: String) -> String { CSVField(text).text }

  private static func text(_ lines: [[String]]) -> String {
    byteOrderMark + lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
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
    return fields + [Self.field(yearAgo)]
  }

  /// A number, unquoted also if it is negative; empty if it is not finite.
  fileprivate static func field(_ value: Double?) -> String {
    value.flatMap { $0.isFinite ? $0.description : nil } ?? ""
  }
}
