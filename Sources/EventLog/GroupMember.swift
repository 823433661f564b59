import Contract

/// The consumer group of a stage. Task i of the stage reads partition i of each of `topics`.
package struct GroupSpec: Sendable {
  package var name: String
  /// The group subscribes to the first topic only; the partitions with the same numbers of the other topics follow its
  /// assignment. So the partitions of a task stay together with any assignor.
  package var topics: [Topic]
  /// The topics that its members write to.
  package var outputs: [Topic]
  /// Whose commit a note is of; nil if it does not tell.
  package var author: @Sendable (_ note: String) -> CommitAuthor?

  package init(
    name: String, topics: [Topic], outputs: [Topic] = Topic.outputs,
    author: @escaping @Sendable (_ note: String) -> CommitAuthor? = { _ in nil }
  ) {
    self.name = name
    self.topics = topics
    self.outputs = outputs
    self.author = author
  }
}

/// Who made a commit. If it died within its next transaction, the new owner of its tasks can end that.
package struct CommitAuthor: Sendable, Hashable {
  package var transactionalID: String
  /// The id that the group had given it, which nobody else ever has.
  package var memberID: String

  package init(transactionalID: String, memberID: String) {
    self.transactionalID = transactionalID
    self.memberID = memberID
  }
}

/// The identity of a member, which stays the same across restarts.
package struct MemberIdentity: Sendable {
  /// Unique among the live members of all groups and the same after a restart, so that a restarted member fences its previous
  /// instance and aborts the transaction that this left open (KIP-447).
  package var transactionalID: String
  /// `group.instance.id` for static membership (KIP-345); nil for a dynamic member.
  package var instanceID: String?

  package init(transactionalID: String, instanceID: String? = nil) {
    self.transactionalID = transactionalID
    self.instanceID = instanceID
  }
}

/// The committed positions (next offsets to read) of a group, with their notes.
package struct CommittedPositions: Sendable, Equatable {
  /// Partitions without a committed position are absent.
  package var positions: Positions
  /// Offset metadata, which the committing member leaves for the partition's next owner; absent if empty.
  package var notes: [TopicPartition: String]

  package init(positions: Positions = [:], notes: [TopicPartition: String] = [:]) {
    self.positions = positions
    self.notes = notes
  }
}

/// The outcome of a commit.
package enum CommitOutcome: Sendable {
  case committed
  /// Nothing was written; the same commit can be retried.
  case aborted(LogError)
  /// It may have succeeded or not; the group's committed positions tell.
  case unknown(LogError)
  /// The member is unusable: close it and join again.
  case fatal(LogError)
}

/// The callbacks of a member. All are called from inside `GroupMember.poll`, on the polling thread.
package protocol GroupListener: AnyObject {
  /// The tasks with these numbers were assigned to this member. Returns the positions to read from; a partition without one is
  /// paused until `GroupMember.read(from:)` names it. May call `GroupMember.committed`.
  func assigned(_ tasks: [Int32]) throws(LogError) -> Positions
  /// These tasks are being revoked; they can still be committed from inside this call.
  func revoked(_ tasks: [Int32])
  /// These tasks may already be assigned to another member and must not be committed.
  func lost(_ tasks: [Int32])
  /// Records, in offset order within each partition. Their bytes are valid only during the call.
  func received(_ records: UnsafeBufferPointer<Record>)
  /// The partition was read up to its end, `offset`. There may be no record just before it, since transaction markers and
  /// aborted records take offsets too.
  func reachedEnd(of partition: TopicPartition, at offset: Int64)
  /// A hint that the partition has almost been read to its end, for logs that report the end only with a delay. `reachedEnd`
  /// follows unless more records arrive.
  func nearedEnd(of partition: TopicPartition)
}

extension GroupListener {
  /// Ignores the hint.
  package func nearedEnd(of partition: TopicPartition) {}
}

/// A group consumer together with its transactional producer. Owned by one thread. It does not track positions: its owner does,
/// and passes them explicitly.
package protocol GroupMember: AnyObject {
  /// Waits up to `timeout` milliseconds for records or rebalances, and calls `listener`. Reads with `read_committed` isolation.
  func poll(timeout: Int32, _ listener: any GroupListener) throws(LogError)

  /// Whether it is currently a member of its group, with or without tasks.
  var isInGroup: Bool { get }

  /// Who it is, for the notes of its commits; nil if nobody needs to know.
  var author: CommitAuthor? { get }

  /// The group's committed positions, with their notes. Waits for open transactions that contain positions of these partitions
  /// (KIP-447), and ends those of members that are gone (`GroupSpec.author`).
  func committed(_ partitions: [TopicPartition]) throws(LogError) -> CommittedPositions

  /// The log start offset of each partition.
  func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions

  /// Seeks these partitions of assigned tasks to the given offsets, resuming them if they were paused. Discards records of them
  /// that were already fetched.
  func read(from positions: Positions) throws(LogError)

  /// Writes `outputs` and commits `positions` in one transaction. Each note is committed as metadata of its partition's offset
  /// and must not exceed a few hundred bytes. Returns when the outcome is known, or cannot be determined.
  func commit(
    _ outputs: OutputBatch, positions: Positions, notes: [TopicPartition: String]
  ) -> CommitOutcome

  /// Leaves the group. First revokes the assigned tasks (through `listener`), so that they can be committed a last time.
  func close(_ listener: any GroupListener)
}

extension GroupMember {
  package var author: CommitAuthor? { nil }

  /// Commits positions without notes.
  package func commit(_ outputs: OutputBatch, positions: Positions) -> CommitOutcome {
    commit(outputs, positions: positions, notes: [:])
  }
}
