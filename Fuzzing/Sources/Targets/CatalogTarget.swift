import Foundation
import Indicators
import ReferenceModel

/// The catalog file.
struct CatalogTarget: FuzzTarget {
  static let name = "catalog"

  func run(_ input: UnsafeRawBufferPointer) {
    do throws(CatalogError) {
      let catalog = try Catalog(json: Array(input))
      let json = catalog.json
      let again = try Catalog(json: json)
      expect(again == catalog && again.json == json, "a catalog changes when it is written")
    } catch {
      expect(!error.description.isEmpty, "a catalog is refused without a reason")
    }
  }

  static func seeds() throws -> [[UInt8]] {
    let example = try Data(contentsOf: URL(fileURLWithPath: "Tests/Fixtures/examples/catalog.json"))
    return [[UInt8](testCatalog), [UInt8](example)]
  }
}
