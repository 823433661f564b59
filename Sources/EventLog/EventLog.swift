import Contract

/// A partitioned, transactional log: Kafka, a SQLite file, or a simulation.
public protocol EventLog: Sendable {
  /// Tells this log from any other, for as long as it exists: the offsets of one mean nothing in another.
  func identity() throws(LogError) -> String

  /// Whose outputs this reads and writes; the inputs are those of all.
  var generation: Generation { get }

  /// Whether members on several machines share it, so that it also keeps the checkpoints of their tasks.
  var keepsCheckpoints: Bool { get }

  /// What one transaction should hold at the most.
  var transactionRoom: OutputRoom { get }

  /// Makes those of `topics` that are missing, with `partitions` partitions each and the settings they need. Inputs are kept for
  /// `retention` milliseconds after they came; nil keeps them for ever. Throws an `unusable` error that names the topic if one
  /// exists with other ones, or if this log keeps everything.
  func createTopics(_ topics: [Topic], partitions: Int32, retention: Int64?) throws(LogError)

  /// Deletes topics with all that is in them; one that is missing is left out.
  func deleteTopics(_ topics: [Topic]) throws(LogError)

  /// Forgets what groups have committed; one that is missing is left out. Throws an `unusable` error that names a group
  /// which has members.
  func deleteGroups(_ groups: [String]) throws(LogError)

  /// The partition count of each of `topics`, of which nothing else is asked: who only reads may have no right to more.
  /// Throws an `unusable` error that names a missing topic.
  func partitionCounts(of topics: [Topic]) throws(LogError) -> [Topic: Int32]

  /// The same, for who writes. Throws an `unusable` error that names a missing topic or a setting that
  /// would make results wrong (a compacted input, an output that is not compacted).
  func checkTopics(_ topics: [Topic]) throws(LogError) -> [Topic: Int32]

  /// The most bytes that key, value and headers of a record may have together for a member of a group to write it to `topic`,
  /// where each header counts for `Header.overhead` more.
  func largestRecord(of topic: Topic) throws(LogError) -> Int

  /// Joins `group`.
  func join(_ group: GroupSpec, as identity: MemberIdentity) throws(LogError) -> any GroupMember

  /// The committed positions of `group`, seen from outside of it.
  func committed(_ partitions: [TopicPartition], of group: String) throws(LogError) -> Positions

  /// What members of `group` left with its committed positions; absent where that is nothing. Does not wait for
  /// transactions that are not decided.
  func notes(
    _ partitions: [TopicPartition], of group: String
  ) throws(LogError) -> [TopicPartition: String]

  /// The offset after the last record of each partition, visible or not: a transaction that is committed by now lies
  /// before it, and a `read_committed` reader or group gets there once the open ones are decided.
  func ends(_ partitions: [TopicPartition]) throws(LogError) -> Positions

  /// Where a `read_committed` reader gets no further now, for each partition: before the first record of a transaction that
  /// is not decided, else the end.
  func visibleEnds(_ partitions: [TopicPartition]) throws(LogError) -> Positions

  /// The first offset that the log still has, for each partition.
  func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions

  /// A reader of all partitions of `topics` that belongs to no group.
  func reader(_ topics: [Topic], from start: ReadStart) throws(LogError) -> any LogReader

  /// A reader of these partitions alone, each from this offset on, that belongs to no group.
  func reader(from positions: Positions) throws(LogError) -> any PartitionReader

  /// A writer without transactions, for events from outside. `refused` is called, by the writer's thread, for each record
  /// that the log does not take for a reason which is the record's own; without it such a record is an error like any other.
  func writer(refused: RefusalHandler?) throws(LogError) -> any LogWriter
}

extension EventLog {
  public var transactionRoom: OutputRoom { .unlimited }

  /// All topics of the contract that it has.
  public var topics: [Topic] { Topic.allCases.filter(has) }

  /// Those that each generation has of its own.
  public var topicsOfGeneration: [Topic] { Topic.ofGeneration.filter(has) }

  private func has(_ topic: Topic) -> Bool { topic != .taskCheckpoints || keepsCheckpoints }

  /// Makes topics whose inputs are kept for ever.
  public func createTopics(_ topics: [Topic], partitions: Int32) throws(LogError) {
    try createTopics(topics, partitions: partitions, retention: nil)
  }

  /// Makes all of its topics.
  public func createTopics(partitions: Int32) throws(LogError) {
    try createTopics(topics, partitions: partitions)
  }

  /// A writer for which a record that the log does not take is an error.
  public func writer() throws(LogError) -> any LogWriter { try writer(refused: nil) }

  /// A reader of whole topics that belongs to no group.
  public func reader(_ topics: [Topic]) throws(LogError) -> any LogReader {
    try reader(topics, from: .beginning)
  }

  /// Hands out all that is in `topics` now. Returns whether it came to the end before `isStopped` said so.
  public func readAll(
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
public enum ReadStart: Sendable {
  /// At the first record that the log still has.
  case beginning
  /// After the last record that the log has when the reader is made.
  case end
}

/// Reads all partitions of its topics, `read_committed`. One thread owns it.
public protocol LogReader: AnyObject {
  /// Waits up to `timeout` milliseconds for records and hands them to `body`; their bytes are valid only during the call.
  /// Returns whether everything that was in the log when this reader was made has been handed out.
  func poll(timeout: Int32, _ body: (UnsafeBufferPointer<Record>) -> Void) throws(LogError) -> Bool

  /// From now on `poll` tells whether everything that is in the log now has been handed out.
  func awaitEnd() throws(LogError)
}

/// Reads some partitions from where it is told to, `read_committed`. One thread owns it.
public protocol PartitionReader: AnyObject {
  /// Waits up to `timeout` milliseconds for records, and hands out what there is, in the order of each partition. Throws an
  /// `unusable` error if the log no longer has what comes next.
  func poll(timeout: Int32, _ body: (UnsafeBufferPointer<Record>) -> Void) throws(LogError)

  /// All of each partition before this offset has been handed out, with or without records in it.
  var positions: Positions { get }
}

/// Appends records. One thread owns it.
public protocol LogWriter: AnyObject {
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
  public func append(
    _ topic: Topic, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    timestamp: Int64?
  ) throws(LogError) {
    try append(
      topic, partition: partition, key: key, value: value, timestamp: timestamp, headers: .none, tag: 0)
  }

  /// Appends a record that needs no name.
  public func append(
    _ topic: Topic, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    timestamp: Int64?, headers: RecordHeaders
  ) throws(LogError) {
    try append(
      topic, partition: partition, key: key, value: value, timestamp: timestamp, headers: headers, tag: 0)
  }

  /// Appends a record without headers.
  public func append(
    _ topic: Topic, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    timestamp: Int64?, tag: Int
  ) throws(LogError) {
    try append(
      topic, partition: partition, key: key, value: value, timestamp: timestamp, headers: .none, tag: tag)
  }
}
