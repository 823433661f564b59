/// A record that a log does not take, for a reason which is the record's own: without it the others go in.
public struct RefusedRecord: Sendable {
  /// What it was appended with.
  public var tag: Int
  public var reason: LogError

  public init(tag: Int, reason: LogError) {
    self.tag = tag
    self.reason = reason
  }
}

/// Hears of refused records as they become known, each once.
public typealias RefusalHandler = (RefusedRecord) -> Void
