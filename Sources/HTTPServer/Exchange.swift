import CMicroHTTPD
import Glibc

/// One request and its response, from the request's first line on. The server's thread owns it.
final class Exchange {
  /// As received, with its query.
  let target: String
  /// Its address in the library's buffer, and its length.
  let targetPlace: UInt
  let targetLength: Int
  /// Whether the header fields were read.
  var hasHeaders = false
  /// Nil before that, and for a malformed request.
  var request: Request?
  var standing = ConnectionTable.Standing.regular
  /// To be called when the response is sent.
  var completed: (@Sendable (Response.Completion) -> Void)?
  var status = 0
  /// Bytes of the body that the library has taken.
  var sentBytes = 0
  /// The stream that is being sent, if the response is one.
  var stream: ResponseStream?

  init(target: UnsafePointer<CChar>?) {
    self.target = target.map { String(cString: $0) } ?? ""
    targetPlace = UInt(bitPattern: target)
    targetLength = target.map { strlen($0) } ?? 0
  }
}

/// A connection of libmicrohttpd; valid until its exchange is completed. Unchecked: other threads only resume it, which the library
/// allows, and `ResponseStream.close` ends that before the connection is closed.
struct Connection: @unchecked Sendable {
  let pointer: OpaquePointer

  var key: UInt { UInt(bitPattern: pointer) }
  var descriptor: Int32 { cmicrohttpd_socket(pointer) }

  /// The client's address.
  var client: ClientAddress { cmicrohttpd_client(pointer).map { ClientAddress($0) } ?? .unknown }

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
