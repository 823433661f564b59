/// Why bytes are no message.
public struct DecodingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, for people to read; the same text for the same kind of error, so that it can be counted.
  public var reason: String
  /// Where in the value, in bytes.
  public var offset: Int

  public init(_ reason: String, offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  public var description: String { "\(reason) at byte \(offset)" }
}
