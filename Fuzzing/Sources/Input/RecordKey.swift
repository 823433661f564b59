import Contract

/// What compaction knows a record by.
struct RecordKey: Hashable, CustomStringConvertible {
  var topic: Topic
  var key: [UInt8]

  var description: String { "\(topic.name) \(key)" }
}

extension Frame {
  var recordKey: RecordKey { RecordKey(topic: topic, key: key) }
}
