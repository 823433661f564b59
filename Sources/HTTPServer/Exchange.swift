import CMicroHTTPD
import Glibc

/// One request and its answer, from the request's first line on. The server's thread owns it.
final class Exchange {
  /// As it came, with its query.
  let target: String
  /// Where the library has it, and how long it is there.
  let targetPlace: UInt
  let targetLength: Int
  /// Whether the header fields were read.
  var hasHeaders = false
  /// Nil before that, and for a request that is refused as it is.
  var request: Request?
  var standing = ConnectionTable.Standing.regular
  /// To be called when the answer is sent.
  var completed: (@Sendable (Response.Completion) -> Void)?
  var status = 0
  /// Of the body, as far as the library has taken it.
  var sentBytes = 0
  /// What is being sent, if that is a stream.
  var stream: ResponseStream?

  init(target: UnsafePointer<CChar>?) {
    self.target = target.map { String(cString: $0) } ?? ""
    targetPlace = UInt(bitPattern: target)
    targetLength = target.map { strlen($0) } ?? 0
  }
}

/// A connection of libmicrohttpd, which is valid until its exchange is completed. Resuming it is all that other threads do
/// with it, which the library allows, and `ResponseStream.close` ends that before the connection goes.
struct Connection: @unchecked Sendable {
  let pointer: OpaquePointer

  var key: UInt { UInt(bitPattern: pointer) }
  var descriptor: Int32 { cmicrohttpd_socket(pointer) }

  /// Who is at the other end.
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
