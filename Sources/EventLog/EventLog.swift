import Contract

/// A partitioned, transactional log: Kafka, a SQLite file, or a simulation.
package protocol EventLog: Sendable {
  /// A unique id of this log that never changes. Offsets are meaningful only within one log.
  func identity() throws(LogError) -> String

  /// The generation whose output topics this log reads and writes. All generations share the input topics.
  var generation: Generation { get }

  /// Whether checkpoints are stored in the log, because members on several machines share it.
  var keepsCheckpoints: Bool { get }

  /// The recommended maximum size of one transaction.
  var transactionRoom: OutputRoom { get }

  /// Creates those of `topics` that are missing, with `partitions` partitions each and the required settings. Input records are
  /// deleted after `retention` milliseconds; nil keeps them forever. Throws an `unusable` error that names the topic if one
  /// exists with other settings, or if a retention is given and this log does not support one.
  func createTopics(_ topics: [Topic], partitions: Int32, retention: Int64?) throws(LogError)

  /// Deletes topics and their records; ignores missing ones.
  func deleteTopics(_ topics: [Topic]) throws(LogError)

  /// Deletes consumer groups and their committed offsets; ignores missing ones. Throws an `unusable` error that names a group
  /// that still has members.
  func deleteGroups(_ groups: [String]) throws(LogError)

  /// The partition count of each of `topics`. Queries nothing else, since a reader may lack the permission to describe
  /// settings. Throws an `unusable` error that names a missing topic.
  func partitionCounts(of topics: [Topic]) throws(LogError) -> [Topic: Int32]

  /// The partition count of each of `topics`, for writers: also checks the settings. Throws an `unusable` error that names a
  /// missing topic, or a setting that would make results wrong (a compacted input, an output that is not compacted).
  func checkTopics(_ topics: [Topic]) throws(LogError) -> [Topic: Int32]

  /// The maximum size in bytes of a record (key, value and headers together) that a group member can write to `topic`. Each
  /// header counts `Header.overhead` bytes more.
  func largestRecord(of topic: Topic) throws(LogError) -> Int

  /// Joins `group`.
  func join(_ group: GroupSpec, as identity: MemberIdentity) throws(LogError) -> any GroupMember

  /// The tasks that the group will most likely assign to a member that joins now; `joining` is its number among the members that
  /// join together, and how many these are. Empty if nothing can be told, or if nobody else has these tasks.
  func expectedTasks(
    of group: GroupSpec, as identity: MemberIdentity, joining: (number: Int, of: Int)
  ) throws(LogError) -> [Int32]

  /// The committed positions of `group`, for callers that are not members of it.
  func committed(_ partitions: [TopicPartition], of group: String) throws(LogError) -> Positions

  /// The notes (offset metadata) that members of `group` committed with its positions; partitions without a note are absent.
  /// Does not wait for open transactions.
  func notes(
    _ partitions: [TopicPartition], of group: String
  ) throws(LogError) -> [TopicPartition: String]

  /// The end offset of each partition (Kafka's high watermark): all transactions committed so far lie before it, and a
  /// `read_committed` reader reaches it once the open transactions are committed or aborted.
  func ends(_ partitions: [TopicPartition]) throws(LogError) -> Positions

  /// The offset of each partition up to which a `read_committed` reader can read now (Kafka's last stable offset): the first
  /// record of the oldest open transaction, otherwise the end.
  func visibleEnds(_ partitions: [TopicPartition]) throws(LogError) -> Positions

  /// The log start offset of each partition.
  func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions

  /// A reader of all partitions of `topics`, outside any consumer group.
  func reader(_ topics: [Topic], from start: ReadStart) throws(LogError) -> any LogReader

  /// A reader of these partitions, each starting at the given offset, outside any consumer group.
  func reader(from positions: Positions) throws(LogError) -> any PartitionReader

  /// A non-transactional writer for external events. `refused` is called on the writer's thread for each record that the log
  /// rejects because of the record itself (its size or timestamp). Without a handler, such a record is an error.
  func writer(refused: RefusalHandler?) throws(LogError) -> any LogWriter
}

extension EventLog {
  package var transactionRoom: OutputRoom { .unlimited }

  /// Nothing can be told.
  package func expectedTasks(
    of group: GroupSpec, as identity: MemberIdentity, joining: (number: Int, of: Int)
  ) throws(LogError) -> [Int32] { [] }

  /// All topics of the contract that this log has.
  package var topics: [Topic] { Topic.allCases.filter(has) }

  /// The topics that exist once per generation.
  package var topicsOfGeneration: [Topic] { Topic.ofGeneration.filter(has) }

  private func has(_ topic: Topic) -> Bool { topic != .taskCheckpoints || keepsCheckpoints }

  /// Creates topics without retention of the inputs.
  package func createTopics(_ topics: [Topic], partitions: Int32) throws(LogError) {
    try createTopics(topics, partitions: partitions, retention: nil)
  }

  /// Creates all topics of this log.
  package func createTopics(partitions: Int32) throws(LogError) {
    try createTopics(topics, partitions: partitions)
  }

  /// A writer for which a rejected record is an error.
  package func writer() throws(LogError) -> any LogWriter { try writer(refused: nil) }

  /// A reader of whole topics from the beginning, outside any consumer group.
  package func reader(_ topics: [Topic]) throws(LogError) -> any LogReader {
    try reader(topics, from: .beginning)
  }

  /// Passes all records that are in `topics` now to `body`. Returns false if `isStopped` returned true before the end.
  package func readAll(
    _ topics: [Topic], until isStopped: () -> Bool, _ body: (UnsafeBufferPointer<Record>) -> Void
  ) throws(LogError) -> Bool {
    let reader = try reader(topics)
    while !isStopped() {
      if try reader.poll(timeout: 100, body) { return true }
    }
    return false
  }
}

/// Where a reader starts.
package enum ReadStart: Sendable {
  /// The log start.
  case beginning
  /// The end at the time when the reader is created.
  case end
}

/// Reads all partitions of its topics with `read_committed` isolation. Owned by one thread.
package protocol LogReader: AnyObject {
  /// Waits up to `timeout` milliseconds for records and passes them to `body`; their bytes are valid only during the call.
  /// Returns whether everything that was in the log when this reader was created has been delivered.
  func poll(timeout: Int32, _ body: (UnsafeBufferPointer<Record>) -> Void) throws(LogError) -> Bool

  /// From now on, `poll` returns whether everything that is in the log now has been delivered.
  func awaitEnd() throws(LogError)
}

/// Reads some partitions from given offsets with `read_committed` isolation. Owned by one thread.
package protocol PartitionReader: AnyObject {
  /// Waits up to `timeout` milliseconds for records and passes them to `body`, in offset order within each partition. Throws an
  /// `unusable` error if the log no longer has the next records.
  func poll(timeout: Int32, _ body: (UnsafeBufferPointer<Record>) -> Void) throws(LogError)

  /// The next offset of each partition; everything before it has been delivered.
  var positions: Positions { get }
}

/// Appends records. Owned by one thread.
package protocol LogWriter: AnyObject {
  /// Appends a record; it is durable only after `flush`. A nil timestamp means now (milliseconds since 1970 UTC). `tag` names
  /// the record if it is refused; it must not be less than the one before, since it also tells which record came first.
  func append(
    _ topic: Topic, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    timestamp: Int64?, headers: RecordHeaders, tag: Int
  ) throws(LogError)

  /// Returns when all that was appended is durable or was refused. Throws if any of it is neither.
  func flush() throws(LogError)
}

extension LogWriter {
  /// Appends a record that needs no name and has no headers.
  package func append(
    _ topic: Topic, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    timestamp: Int64?
  ) throws(LogError) {
    try append(
      topic, partition: partition, key: key, value: value, timestamp: timestamp, headers: .none, tag: 0)
  }

  /// Appends a record that needs no name.
  package func append(
    _ topic: Topic, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    timestamp: Int64?, headers: RecordHeaders
  ) throws(LogError) {
    try append(
      topic, partition: partition, key: key, value: value, timestamp: timestamp, headers: headers, tag: 0)
  }

  /// Appends a record without headers.
  package func append(
    _ topic: Topic, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    timestamp: Int64?, tag: Int
  ) throws(LogError) {
    try append(
      topic, partition: partition, key: key, value: value, timestamp: timestamp, headers: .none, tag: tag)
  }
}

/// A record that a log rejects because of the record itself; the other records are written.
package struct RefusedRecord: Sendable {
  /// The tag that it was appended with.
  package var tag: Int
  package var reason: LogError

  package init(tag: Int, reason: LogError) {
    self.tag = tag
    self.reason = reason
  }
}

/// Called once for each refused record, when the refusal becomes known.
package typealias RefusalHandler = (RefusedRecord) -> Void

/// How far a record's timestamp may be ahead of the clock.
///
/// An event counts if its event time is at most a day after its record's timestamp. A record with a timestamp years ahead would
/// therefore let through an event as wrong, which would move the published months permanently: the current month never goes
/// back.
package enum RecordTimeBound {
  /// In milliseconds: one hour, which is also the broker default since Kafka 4.
  package static let ahead: Int64 = 3_600_000
}
