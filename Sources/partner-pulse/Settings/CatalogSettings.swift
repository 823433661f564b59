import Indicators
import Platform

/// The option for the catalog that results depend on; the same in all commands.
struct CatalogSettings {
  var file: String?

  static func options<C>(_ path: WritableKeyPath<C, CatalogSettings>) -> [Option<C>] {
    [
      Option<CatalogSettings>.value(
        "catalog", "FILE",
        "JSON file of products, workloads and exams (default: a built-in catalog of Dynamics 365)",
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
      throw Failure("catalog \(file) cannot be read: \(error)")
    }
    do {
      return try Catalog(json: json)
    } catch {
      throw Failure("catalog \(file): \(error)")
    }
  }
}
