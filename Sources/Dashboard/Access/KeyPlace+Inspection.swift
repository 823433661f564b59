import HTTPClient
import Platform

extension KeyPlace {
  /// Reads the key set once: returns how many keys can be used, and what is wrong with the others, a line each. Blocks. Throws if
  /// there is no key set.
  package func inspect() throws -> (keys: Int, faults: [String]) {
    let bytes: [UInt8]
    let place: String
    switch self {
    case .file(let path):
      place = path
      do throws(SystemError) {
        bytes = try readFile(path, limit: 1 << 20)
      } catch {
        throw KeySetError(description: "\(path) cannot be read: \(error)")
      }
    case .url(let request, _):
      place = "\(request.address)"
      bytes = try request.fetch()
    }
    do throws(KeySetError) {
      let set = try JSONWebKeySet(bytes)
      return (set.keys.count, set.faults)
    } catch {
      throw KeySetError(description: "\(place): \(error)")
    }
  }
}
