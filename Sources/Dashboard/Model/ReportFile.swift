import Contract

/// A report as a downloadable file: its name and texts in one language.
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

  /// Such as "indicators, Société 5, 2026-11, Sales.csv", without characters that file systems do not allow.
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

  /// The value of `Content-Disposition` with which a browser saves the response under this name (RFC 6266); in ASCII for old ones.
  static func disposition(_ name: String) -> String {
    let ascii = String(
      String.UnicodeScalarView(name.unicodeScalars.map { $0.isASCII && $0 != "\"" && $0 != "%" ? $0 : "_" }))
    return "attachment; filename=\"\(ascii)\"; filename*=UTF-8''\(PageQuery.encoded(name))"
  }
}
