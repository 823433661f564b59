/// What is sent back.
package struct Response: Sendable {
  package enum Body: Sendable {
    case bytes([UInt8])
    /// A body without a known end, in pieces.
    case stream(ResponseStream)
  }

  package var status: Int
  package var headers: [(name: String, value: String)]
  package var body: Body
  /// Called once, on the server's thread, when the answer is sent or never will be.
  package var completed: (@Sendable (Completion) -> Void)?

  /// What has become of an answer.
  package struct Completion: Sendable {
    /// The one that was sent.
    package var status: Int
    /// Of the body; nil if the client went away in the middle of it.
    package var bytes: Int?

    package init(status: Int, bytes: Int?) { (self.status, self.bytes) = (status, bytes) }
  }

  package init(_ status: Int, _ headers: [(name: String, value: String)] = [], body: Body = .bytes([])) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// With a body of this media type.
  package init(_ status: Int = 200, _ type: String, _ body: [UInt8]) {
    self.init(status, [("Content-Type", type)], body: .bytes(body))
  }

  /// Sets a header field, in place of one of this name.
  package mutating func set(_ name: String, _ value: String) {
    headers.removeAll { $0.name == name }
    headers.append((name, value))
  }
}
