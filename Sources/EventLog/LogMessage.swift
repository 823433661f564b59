/// What a message of the program's own log is about, as far as it is known.
package struct LogFields: Sendable, Equatable {
  /// A consumer group without its prefix.
  package var group: String?
  package var task: Int32?
  package var topic: String?
  package var partition: Int32?
  package var offset: Int64?
  /// The name of an error in Kafka or SQLite, such as `_FENCED` or `SQLITE_BUSY`.
  package var error: String?
  /// Of a file that is imported.
  package var file: String?
  package var line: Int?

  package init(
    group: String? = nil, task: Int32? = nil, topic: String? = nil, partition: Int32? = nil,
    offset: Int64? = nil, error: String? = nil, file: String? = nil, line: Int? = nil
  ) {
    (self.group, self.task, self.topic, self.partition) = (group, task, topic, partition)
    (self.offset, self.error, self.file, self.line) = (offset, error, file, line)
  }
}

/// A message for the operators of the program: a text that says all by itself, and fields to search by.
package struct LogMessage: Sendable, ExpressibleByStringInterpolation, CustomStringConvertible {
  package let text: String
  package let fields: LogFields

  package init(_ text: String, _ fields: LogFields) { (self.text, self.fields) = (text, fields) }

  package init(stringLiteral text: String) { self.init(text, LogFields()) }

  package var description: String { text }
}
