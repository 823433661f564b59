import HTTPClient

/// A schema registry did not do what it was asked for.
package struct RegistryError: Error, CustomStringConvertible {
  package let description: String
  /// Whether a retry may succeed.
  package let mayPass: Bool

  init(_ description: String, mayPass: Bool) {
    self.description = description
    self.mayPass = mayPass
  }

  init(_ error: FetchError) { self.init("\(error)", mayPass: error.mayPass) }
}
