/// An HTTP response.
package struct Response: Sendable {
  /// The content that follows the header fields.
  package enum Body: Sendable {
    case bytes([UInt8])
    /// A body of unknown length, sent in pieces.
    case stream(ResponseStream)
  }

  package var status: Int
  package var headers: [(name: String, value: String)]
  package var body: Body
  /// Called once, on the server's thread, when the response is sent or never will be.
  package var completed: (@Sendable (Completion) -> Void)?

  /// How a response ended.
  package struct Completion: Sendable {
    /// The status that was sent.
    package var status: Int
    /// Bytes of the body; nil if the client disconnected before its end.
    package var bytes: Int?

    package init(status: Int, bytes: Int?) { (self.status, self.bytes) = (status, bytes) }
  }

  package init(_ status: Int, _ headers: [(name: String, value: String)] = [], body: Body = .bytes([])) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// A response with a body of this media type.
  package init(_ status: Int = 200, _ type: String, _ body: [UInt8]) {
    self.init(status, [("Content-Type", type)], body: .bytes(body))
  }

  /// Sets a header field, replacing any of the same name.
  package mutating func set(_ name: String, _ value: String) {
    headers.removeAll { $0.name == name }
    headers.append((name, value))
  }
}
