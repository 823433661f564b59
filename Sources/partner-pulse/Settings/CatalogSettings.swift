import Foundation
import Indicators

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
    guard let file else { return try Catalog(json: Data(builtInCatalog.utf8)) }
    let json: Data
    do {
      json = try Data(contentsOf: URL(fileURLWithPath: file))
    } catch {
      throw Failure("catalogue \(file) cannot be read: \(reason(error))")
    }
    do {
      return try Catalog(json: json)
    } catch {
      throw Failure("catalogue \(file): \(error)")
    }
  }

  /// What the system says, without Foundation's sentence about it.
  private func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    guard let underlying, underlying.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
    return String(cString: strerror(Int32(underlying.code)))
  }
}
