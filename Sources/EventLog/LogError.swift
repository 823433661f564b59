/// An error of a log operation.
package struct LogError: Error, Sendable, CustomStringConvertible {
  package enum Kind: Sendable, Equatable {
    /// A retry may succeed.
    case retriable
    /// The transaction was aborted or must be; the member stays usable.
    case abortable
    /// The member is unusable; a new one can take over.
    case fatal
    /// The log does not meet the requirements: a topic is missing or has wrong settings, or records were deleted.
    case unusable
  }

  package var kind: Kind
  /// The name of the error in Kafka or SQLite, such as `_FENCED` or `SQLITE_BUSY`.
  package var code: String
  package var message: String

  package init(_ kind: Kind, code: String, _ message: String) {
    self.kind = kind
    self.code = code
    self.message = message
  }

  package var description: String { "\(message) (\(code))" }

  /// Whether a topic does not exist, by the error codes of Kafka and SQLite logs.
  package var isMissingTopic: Bool { ["UNKNOWN_TOPIC_OR_PART", "UNKNOWN_TOPIC"].contains(code) }
}
