import CMicroHTTPD
import Glibc

/// A request's line and header fields as libmicrohttpd has parsed them, and whether it has dropped anything. It silently accepts
/// folded lines, bare line feeds and bytes after a NUL, all of which a proxy may parse differently.
struct RequestHead {
  var method: String
  /// As received, with its query.
  var target: String
  var version: String
  /// In order.
  var headers: [(name: String, value: String)] = []
  /// Whether the parts lie in memory exactly where they must if the library has dropped nothing.
  var isPlain = true
}

extension RequestHead {
  /// Up to version 0.9 the library parses a request in place, so the addresses of the parts show what lies between them. Later
  /// versions refuse such requests themselves (`cmicrohttpd_start`).
  private static let parsesInPlace = String(cString: MHD_get_version()).hasPrefix("0.")

  init(
    _ connection: Connection, method: UnsafePointer<CChar>, _ exchange: Exchange,
    version: UnsafePointer<CChar>
  ) {
    self.init(method: String(cString: method), target: exchange.target, version: String(cString: version))
    var places = Places(start: UInt(bitPattern: method))
    // "GET /path HTTP/1.1" and a line end.
    places.skip(strlen(method) + 1, then: exchange.targetPlace)
    places.skip(exchange.targetLength + 1, then: UInt(bitPattern: version))
    places.skip(strlen(version) + 2)
    var found = Found(places: places)
    withUnsafeMutablePointer(to: &found) { found in
      _ = MHD_get_connection_values(
        connection.pointer, .HEADER_KIND,
        { found, _, name, value in
          if let name { found?.assumingMemoryBound(to: Found.self).pointee.take(name, value) }
          return .YES
        }, found)
    }
    headers = found.headers
    found.places.skip(2, then: UInt(bitPattern: method) + UInt(cmicrohttpd_header_size(connection.pointer)))
    isPlain = !Self.parsesInPlace || found.places.areRight
  }

  /// The address at which the next part must begin.
  private struct Places {
    var next: UInt
    var areRight = true

    init(start: UInt) { next = start }

    mutating func skip(_ count: Int) { next += UInt(count) }

    mutating func skip(_ count: Int, then place: UInt) {
      skip(count)
      areRight = areRight && next == place
      next = place
    }
  }

  private struct Found {
    var headers: [(name: String, value: String)] = []
    var places: Places

    mutating func take(_ name: UnsafePointer<CChar>, _ value: UnsafePointer<CChar>?) {
      let (nameLength, valueLength) = (strlen(name), value.map { strlen($0) } ?? 0)
      places.skip(0, then: UInt(bitPattern: name))
      places.skip(nameLength + 1)
      let valuePlace = value.map { UInt(bitPattern: $0) } ?? places.next
      // White space before the value is dropped too, which is harmless.
      places.areRight = places.areRight && valuePlace >= places.next
      places.next = valuePlace
      places.skip(valueLength + 2)
      headers.append((String(cString: name), value.map { String(cString: $0) } ?? ""))
    }
  }
}
