/// What a log could not do.
public struct LogError: Error, Sendable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// May succeed if tried again.
    case retriable
    /// The transaction has been, or must be, aborted; the member goes on.
    case abortable
    /// The member that it happened to is of no more use; a new one may go on.
    case fatal
    /// The log is not what the program needs: a topic is missing or has other settings, history is gone.
    case unusable
  }

  public var kind: Kind
  /// The log's own name of the error, such as `_FENCED` or `SQLITE_BUSY`.
  public var code: String
  public var message: String

  public init(_ kind: Kind, code: String, _ message: String) {
    self.kind = kind
    self.code = code
    self.message = message
  }

  public var description: String { "\(message) (\(code))" }

  /// Whether a topic was asked about that the log does not have, by the names that Kafka and SQLite logs have for that.
  public var isMissingTopic: Bool { ["UNKNOWN_TOPIC_OR_PART", "UNKNOWN_TOPIC"].contains(code) }
}
