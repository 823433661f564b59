import FoundationEssentials

extension Catalog {
  private struct File: Codable {
    var reportingCurrency: String
    var excludedPartnerCountries: [String]
    var products: [Product]
  }

  /// Reads a catalog from its JSON form (see `examples/catalog.json`).
  package init(json: some DataProtocol) throws(CatalogError) {
    let file: File
    do {
      file = try JSONDecoder().decode(File.self, from: Data(json))
    } catch let error as DecodingError {
      throw CatalogError(error.explanation)
    } catch {
      throw CatalogError("\(error)")
    }
    try self.init(
      reportingCurrency: file.reportingCurrency, excludedPartnerCountries: Set(file.excludedPartnerCountries),
      products: file.products)
  }

  /// The JSON form, the same bytes for the same catalog.
  package var json: Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let file = File(
      reportingCurrency: reportingCurrency, excludedPartnerCountries: excludedPartnerCountries.sorted(),
      products: products)
    // Strings and arrays can always be encoded.
    return (try? encoder.encode(file)) ?? Data()
  }
}

extension DecodingError {
  /// One line: where, and what.
  fileprivate var explanation: String {
    func path(_ context: Context) -> String {
      context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
    }
    switch self {
    case .keyNotFound(let key, let context): return "\(path(context)).\(key.stringValue) is missing"
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      return "\(path(context)) is not a \(type)"
    case .dataCorrupted(let context): return "\(path(context)) not valid JSON: \(context.debugDescription)"
    @unknown default: return "\(self)"
    }
  }
}
