import Contract

/// A stage's place in a consumer group. Task i of the stage reads partition i of each of `topics`.
public struct GroupSpec: Sendable {
  public var name: String
  /// The first one leads: the group assigns its partitions, and the other topics' partitions go with them,
  /// so that any assignor keeps them together.
  public var topics: [Topic]
  /// What its members write.
  public var outputs: [Topic]

  public init(name: String, topics: [Topic], outputs: [Topic] = Topic.outputs) {
    self.name = name
    self.topics = topics
    self.outputs = outputs
  }
}

/// Who a member is, across restarts.
public struct MemberIdentity: Sendable {
  /// Unique among the live members of all groups and the same after a restart, so that a restarted member fences its
  /// former self and the transaction that it left open (KIP-447).
  public var transactionalID: String
  /// For static membership (KIP-345); nil for a dynamic member.
  public var instanceID: String?

  public init(transactionalID: String, instanceID: String? = nil) {
    self.transactionalID = transactionalID
    self.instanceID = instanceID
  }
}

/// What a group has committed: where each partition is to be read next, and what was noted with it.
public struct CommittedPositions: Sendable, Equatable {
  /// A partition without a committed position is not in it.
  public var positions: Positions
  /// What whoever committed a position left for its next owner (an offset's metadata); absent where that is nothing.
  public var notes: [TopicPartition: String]

  public init(positions: Positions = [:], notes: [TopicPartition: String] = [:]) {
    self.positions = positions
    self.notes = notes
  }
}

/// What became of a commit.
public enum CommitOutcome: Sendable {
  case committed
  /// Nothing of it is visible, and the same may be committed again.
  case aborted(LogError)
  /// It may or may not be visible; only the log's committed positions tell.
  case unknown(LogError)
  /// Nothing more can be done with this member: close it and join anew.
  case fatal(LogError)
}

/// What a member hears while it polls. All calls come from inside `GroupMember.poll`, on the thread that polls.
public protocol GroupListener: AnyObject {
  /// The tasks with these numbers are now this member's. Returns where to read; a partition that is not in the answer
  /// is not read until `GroupMember.read(from:)` names it. May call `GroupMember.committed`.
  func assigned(_ tasks: [Int32]) throws(LogError) -> Positions
  /// These tasks are about to go to another member; a commit from inside this call still counts.
  func revoked(_ tasks: [Int32])
  /// These tasks may already be another member's. Nothing may be committed for them.
  func lost(_ tasks: [Int32])
  /// Records in the order of each partition. Their bytes are valid only during the call.
  func received(_ records: UnsafeBufferPointer<Record>)
  /// All of the partition before `offset` has been handed out, with or without records in it (transaction markers
  /// and aborted records take offsets too).
  func reachedEnd(of partition: TopicPartition, at offset: Int64)
  /// As far as the member knows there is next to nothing more to read of the partition. A hint, for logs that tell of an
  /// end only some time after it was reached; `reachedEnd` follows if nothing else does.
  func nearedEnd(of partition: TopicPartition)
}

extension GroupListener {
  /// A hint may be left alone.
  public func nearedEnd(of partition: TopicPartition) {}
}

/// A consumer in a group together with its transactional producer. One thread owns it and calls everything.
/// It remembers no position: the owner tracks them and passes them explicitly.
public protocol GroupMember: AnyObject {
  /// Waits up to `timeout` milliseconds for something, and tells `listener`. Readers are `read_committed`.
  func poll(timeout: Int32, _ listener: any GroupListener) throws(LogError)

  /// Whether it has a place in its group now, with tasks or without.
  var isInGroup: Bool { get }

  /// The group's committed positions, with their notes. Waits until none is pending in a transaction that is not yet
  /// decided.
  func committed(_ partitions: [TopicPartition]) throws(LogError) -> CommittedPositions

  /// The first offset that the log still has, for each partition.
  func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions

  /// From now on these partitions of assigned tasks are read from these offsets, whether they were read before or not.
  /// Nothing that was fetched before is handed out any more.
  func read(from positions: Positions) throws(LogError)

  /// Writes `outputs` and commits `positions`, both or neither, in one transaction; each note goes with the position of
  /// its partition, and has a few hundred bytes at the most. Returns when the outcome is known, or is known to be
  /// unknowable.
  func commit(
    _ outputs: OutputBatch, positions: Positions, notes: [TopicPartition: String]
  ) -> CommitOutcome

  /// Leaves the group. Revokes (through `listener`) what is still assigned, so that a last commit can be made.
  func close(_ listener: any GroupListener)
}

extension GroupMember {
  /// Commits positions without notes.
  public func commit(_ outputs: OutputBatch, positions: Positions) -> CommitOutcome {
    commit(outputs, positions: positions, notes: [:])
  }
}
