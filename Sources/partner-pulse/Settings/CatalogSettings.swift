import Indicators
import Platform

/// Which catalogue results depend on; the same option everywhere.
struct CatalogSettings {
  var file: String?

  static func options<C>(_ path: WritableKeyPath<C, CatalogSettings>) -> [Option<C>] {
    [
      Option<CatalogSettings>.value(
        "catalog", "FILE", "products, workloads and exams, in JSON (default: a built-in one of Dynamics 365)",
        \.file, .text
      ).within(path)
    ]
  }

  func load() throws -> Catalog {
    guard let file else { return try Catalog(json: Array(builtInCatalog.utf8)) }
    let json: [UInt8]
    do throws(SystemError) {
      json = try readFile(file)
    } catch {
      throw Failure("catalogue \(file) cannot be read: \(error)")
    }
    do {
      return try Catalog(json: json)
    } catch {
      throw Failure("catalogue \(file): \(error)")
    }
  }
}
