import Contract

/// A report as a file for people and spreadsheets: its texts and what it is called, in one language.
struct ReportFile {
  let report: PartnerReport
  let names: PageSettings
  let language: Language

  var partnerName: String { names.partners.name(of: report.partnerID) }

  var productName: String { report.cell.product.isEmpty ? "" : names.names.product(report.cell.product) }

  var workloadName: String {
    report.cell.workload.isEmpty
      ? "" : names.names.workload(report.cell.workload, ofProduct: report.cell.product)
  }

  var countryName: String {
    report.cell.country.isEmpty ? "" : CountryNames.name(report.cell.country, language)
  }

  /// "indicators, Société 5, 2026-11, Sales.csv", without what file systems do not take.
  func name(of what: String) -> String {
    let parts = [what, partnerName, report.month, productName, workloadName, countryName].filter {
      !$0.isEmpty
    }
    let forbidden = Set("/\\:*?\"<>|".unicodeScalars)
    let scalars = parts.joined(separator: ", ").unicodeScalars.map { scalar -> Unicode.Scalar in
      let isPlain =
        scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format
      return isPlain && !forbidden.contains(scalar) ? scalar : "_"
    }
    return String(String.UnicodeScalarView(scalars.prefix(150))) + ".csv"
  }

  /// The header field that has a browser keep what comes under this name (RFC 6266), for old ones in ASCII.
  static func disposition(_ name: String) -> String {
    let ascii = String(
      String.UnicodeScalarView(name.unicodeScalars.map { $0.isASCII && $0 != "\"" && $0 != "%" ? $0 : "_" }))
    return "attachment; filename=\"\(ascii)\"; filename*=UTF-8''\(PageQuery.encoded(name))"
  }
}
