import Contract
import EventLog

/// The note that the owner of a task commits for the task's next owner, as the offset metadata of the task's partition of the
/// lead topic.
package struct CommitNote: Message, Sendable {
  /// The *spoken* positions: those that published outputs may already reflect, if they are beyond the committed ones. A drain
  /// may take several transactions, of which only the last one commits its positions.
  package var spoken: [Offset] = []
  /// The offsets that each output topic must have at least.
  package var outputs: [Extent] = []
  /// The number of known losses of the stage's outputs, and the number of those that the task has repaired.
  package var losses: Int64 = 0
  package var repaired: Int64 = 0

  /// The location of the task's checkpoint in the log; nil if there is none.
  package var checkpoint: CheckpointReference?

  /// The month from which on a month change is not completely published yet, in months since 2000-01; nil if it is.
  package var turningFrom: Int64?

  /// The member that commits it.
  package var author: Author?

  package init() {}

  package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "spoken", &spoken)
    try visitor.field(2, "outputs", &outputs)
    try visitor.field(3, "losses", &losses)
    try visitor.field(4, "repaired", &repaired)
    try visitor.field(5, "checkpoint", &checkpoint)
    try visitor.field(6, "turning_from", &turningFrom)
    try visitor.field(7, "author", &author)
  }

  /// A member of the group.
  package struct Author: Message, Sendable {
    package var transactionalID = ""
    package var memberID = ""

    package init() {}

    package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
      try visitor.field(1, "transactional_id", &transactionalID)
      try visitor.field(2, "member_id", &memberID)
    }
  }

  /// The slot of a checkpoint, and an offset at or before its first record.
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

  /// Start and end offsets of a topic, each summed over its partitions.
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
  /// `spoken` are positions in partitions of one task; nil if the outputs reflect only committed positions.
  package init(spoken: Positions?, outputs: [Extent]) {
    self.spoken = (spoken ?? [:]).map { partition, position in
      var offset = Offset()
      offset.topic = partition.topic.name
      offset.offset = position
      return offset
    }.sorted { $0.topic < $1.topic }
    self.outputs = outputs
  }

  /// The author of the encoded note `text`; nil if it names none.
  @Sendable package static func author(of text: String) -> CommitAuthor? {
    let author = Array(text.utf8).withUnsafeBytes { try? CommitNote(json: $0).author }
    return author.map { CommitAuthor(transactionalID: $0.transactionalID, memberID: $0.memberID) }
  }

  /// The encoding as offset metadata: JSON, a few hundred bytes.
  package var text: String {
    var bytes: [UInt8] = []
    encodeJSON(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Decodes `text`. Throws an `unusable` error for anything else, since ignoring it could publish stale values.
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

  /// The positions that outputs of task `number` may already reflect; nil if these are the committed ones.
  package func spokenPositions(of number: Int32) -> Positions? {
    guard !spoken.isEmpty else { return nil }
    var positions: Positions = [:]
    for offset in spoken {
      if let topic = Topic(name: offset.topic) { positions[TopicPartition(topic, number)] = offset.offset }
    }
    return positions
  }
}
