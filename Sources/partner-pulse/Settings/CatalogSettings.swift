import Foundation
import Indicators

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
    guard let file else { return try Catalog(json: Data(builtInCatalog.utf8)) }
    let json: Data
    do {
      json = try Data(contentsOf: URL(fileURLWithPath: file))
    } catch {
      throw Failure("catalog \(file) cannot be read: \(reason(error))")
    }
    do {
      return try Catalog(json: json)
    } catch {
      throw Failure("catalog \(file): \(error)")
    }
  }

  /// The system's error text, without Foundation's sentence around it.
  private func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    guard let underlying, underlying.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
    return String(cString: strerror(Int32(underlying.code)))
  }
}
