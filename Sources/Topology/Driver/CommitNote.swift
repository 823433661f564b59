import Contract
import EventLog

/// What a task's owner leaves with a committed position (an offset's metadata) for the next owner of the task.
package struct CommitNote: Message, Sendable {
  /// How far the outputs may speak, where that is further than the committed positions: a drain goes out in several
  /// transactions, and only the last one commits the positions that it was made of.
  package var spoken: [Offset] = []
  /// What the log must at least hold of each output topic.
  package var outputs: [Extent] = []
  /// How many times outputs of the stage are known to have been lost, and up to which of these the task has made up for it.
  package var losses: Int64 = 0
  package var repaired: Int64 = 0

  /// Where the task's checkpoint is in the log; nil if there is none.
  package var checkpoint: CheckpointReference?

  /// Since which month a turn is not written as a whole, in months since 2000-01; nil if it is.
  package var turningFrom: Int64?

  package init() {}

  package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "spoken", &spoken)
    try visitor.field(2, "outputs", &outputs)
    try visitor.field(3, "losses", &losses)
    try visitor.field(4, "repaired", &repaired)
    try visitor.field(5, "checkpoint", &checkpoint)
    try visitor.field(6, "turning_from", &turningFrom)
  }

  /// The slot of a checkpoint, and an offset before which none of its records lies.
  package struct CheckpointReference: Message, Sendable, Equatable {
    package var slot: Int64 = 0
    package var start: Int64 = 0

    package init() {}

    package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
      try visitor.field(1, "slot", &slot)
      try visitor.field(2, "start", &start)
    }
  }

  /// A position in the task's partition of a topic.
  package struct Offset: Message, Sendable {
    package var topic = ""
    package var offset: Int64 = 0

    package init() {}

    package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
      try visitor.field(1, "topic", &topic)
      try visitor.field(2, "offset", &offset)
    }
  }

  /// First and end offsets of a topic, each added up over its partitions.
  package struct Extent: Message, Sendable {
    package var topic = ""
    package var beginning: Int64 = 0
    package var end: Int64 = 0

    package init() {}

    package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
      try visitor.field(1, "topic", &topic)
      try visitor.field(2, "beginning", &beginning)
      try visitor.field(3, "end", &end)
    }
  }
}

extension CommitNote {
  /// `spoken` are positions in partitions of one task; nil if the outputs speak of no more than what is committed.
  package init(spoken: Positions?, outputs: [Extent]) {
    self.spoken = (spoken ?? [:]).map { partition, position in
      var offset = Offset()
      offset.topic = partition.topic.name
      offset.offset = position
      return offset
    }.sorted { $0.topic < $1.topic }
    self.outputs = outputs
  }

  /// The form in which it goes with a position: JSON, a few hundred bytes.
  package var text: String {
    var bytes: [UInt8] = []
    encodeJSON(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads what `text` gives. Throws an `unusable` error for anything else: to pass over it could publish the past.
  package init(_ text: String, of partition: TopicPartition) throws(LogError) {
    do {
      let bytes = Array(text.utf8)
      self = try bytes.withUnsafeBytes { try CommitNote(json: $0) }
    } catch {
      throw LogError(
        .unusable, code: "BAD_NOTE",
        "the metadata of the committed position in \(partition) was not written by this program: \(error)")
    }
  }

  /// How far the outputs of task `number` may speak; nil if that is no further than what is committed.
  package func spokenPositions(of number: Int32) -> Positions? {
    guard !spoken.isEmpty else { return nil }
    var positions: Positions = [:]
    for offset in spoken {
      if let topic = Topic(name: offset.topic) { positions[TopicPartition(topic, number)] = offset.offset }
    }
    return positions
  }
}
