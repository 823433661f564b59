import CMicroHTTPD

/// One request and its answer, from the request's first line on. The server's thread owns it.
final class Exchange {
  /// As it came, with its query.
  let target: String
  /// Whether the header fields were read.
  var hasHeaders = false
  /// What is being sent, if that is a stream.
  var stream: ResponseStream?

  init(target: String) { self.target = target }
}

/// A connection of libmicrohttpd, which is valid until its exchange is completed. Resuming it is all that other threads do
/// with it, which the library allows, and `ResponseStream.close` ends that before the connection goes.
struct Connection: @unchecked Sendable {
  let pointer: OpaquePointer

  var key: UInt { UInt(bitPattern: pointer) }
  var descriptor: Int32 { cmicrohttpd_socket(pointer) }

  /// All header fields, in order.
  var headers: [(name: String, value: String)] {
    var headers: [(name: String, value: String)] = []
    withUnsafeMutablePointer(to: &headers) { target in
      _ = MHD_get_connection_values(
        pointer, .HEADER_KIND,
        { target, _, name, value in
          let headers = target?.assumingMemoryBound(to: [(name: String, value: String)].self)
          if let name {
            headers?.pointee.append((String(cString: name), value.map { String(cString: $0) } ?? ""))
          }
          return .YES
        }, target)
    }
    return headers
  }

  /// Whether a body follows the header fields.
  var hasBody: Bool {
    if let length = MHD_lookup_connection_value(pointer, .HEADER_KIND, "Content-Length") {
      return String(cString: length) != "0"
    }
    return MHD_lookup_connection_value(pointer, .HEADER_KIND, "Transfer-Encoding") != nil
  }

  func suspend() { MHD_suspend_connection(pointer) }
  func resume() { MHD_resume_connection(pointer) }
}
