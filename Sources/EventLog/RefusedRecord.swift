/// A record that a log rejects because of the record itself; the other records are written.
public struct RefusedRecord: Sendable {
  /// The tag that it was appended with.
  public var tag: Int
  public var reason: LogError

  public init(tag: Int, reason: LogError) {
    self.tag = tag
    self.reason = reason
  }
}

/// Called once for each refused record, when the refusal becomes known.
public typealias RefusalHandler = (RefusedRecord) -> Void
