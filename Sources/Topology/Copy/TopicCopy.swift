import Contract
import EventLog
import Platform

/// Copies the inputs of one log to those of another one with another partition count, exactly once: the copies and the
/// positions of a consumer group in the source are committed in one transaction, so a copy that was stopped or killed can be
/// resumed.
package struct TopicCopy {
  /// Record counts of a topic: copied records of the source, and records of the target.
  package struct Count: Sendable {
    package var topic: Topic
    package var source = 0
    package var target = 0
    /// Records of the source that are not copied, because they are to be forgotten.
    package var leftOut = 0
  }

  private let source: any EventLog
  private let target: any EventLog
  private let group: GroupSpec
  private let partitions: PartitionCounts
  private let targetCount: Int32
  private let forgotten: ForgottenEntities
  private let report: Report

  /// Reads `source` and writes to the topics of `target`, which has `partitions` partitions of each input. Records of `forgotten`
  /// entities are left out. `name` is the consumer group, which distinguishes this copy from others of the same source. Throws
  /// an `unusable` error if the oldest records of the source were deleted, or if the target has records that this copy did not
  /// write.
  package init(
    from source: any EventLog, to target: any EventLog, partitions: Int32, name: String,
    without forgotten: ForgottenEntities = ForgottenEntities(), report: @escaping Report
  ) throws(LogError) {
    self.source = source
    self.target = target
    self.report = report
    self.forgotten = forgotten
    targetCount = partitions
    group = GroupSpec(name: name, topics: Stage.copy.inputs, outputs: Stage.copy.outputs)
    self.partitions = try PartitionCounts(checking: source, Topic.inputs)
    if try committed().isEmpty {
      try source.requireWholeHistory(partitions: self.partitions[Topic.inputs[0]])
      guard try isTargetEmpty() else {
        throw LogError(
          .unusable, code: "NOT_EMPTY", "the target topics already have records; use another prefix")
      }
    }
  }

  /// Whether there is no committed record. Offsets do not tell, since aborted transactions take some too.
  private func isTargetEmpty() throws(LogError) -> Bool {
    var isEmpty = true
    _ = try target.readAll(Topic.inputs, until: { !isEmpty }) { isEmpty = isEmpty && $0.isEmpty }
    return isEmpty
  }

  private var sourcePartitions: [TopicPartition] { partitions.partitions(of: Topic.inputs) }

  private var targetPartitions: [TopicPartition] {
    Topic.inputs.flatMap { topic in (0..<targetCount).map { TopicPartition(topic, $0) } }
  }

  private func committed() throws(LogError) -> Positions {
    try source.committed(sourcePartitions, of: group.name)
  }

  /// Copies all records that are in the source at the start, or until `isStopped`. Returns whether it is complete. Blocks.
  package func run(until isStopped: () -> Bool, progress: (Progress) -> Void = { _ in }) throws(LogError)
    -> Bool
  {
    let ends = try source.ends(sourcePartitions)
    let total = ends.values.reduce(0, +)
    let driver = driver()
    var isDone = false
    var failure: LogError?
    var queriedAt = Int64.min / 2
    try driver.run {
      if Clock.monotonic - queriedAt > 100 {
        queriedAt = Clock.monotonic
        do throws(LogError) {
          let missing = try committed().distance(to: ends)
          progress(Progress(done: total - missing, total: total))
          isDone = missing == 0
        } catch {
          // The driver meets the same error, and retries if it is transient.
          if error.kind == .unusable { failure = error }
        }
      }
      return isDone || failure != nil || isStopped()
    }
    if let failure { throw failure }
    return isDone
  }

  private func driver() -> StageDriver<CopyTask> {
    var policy = CommitPolicy()
    policy.catchUpInterval = 500
    policy.firstCatchUpInterval = 500
    policy.positionsOnlyInterval = 50
    let checkpoints = CheckpointSettings<CopyTask>(
      source: .nowhere, context: CopyTask.Context(partitions: targetCount, forgotten: forgotten),
      origin: { [group] in
        CheckpointOrigin(
          log: "", group: group.name, partition: $0,
          definition: ResultDefinition(catalog: "", semantics: 0, inputPartitions: 0, outputPartitions: []))
      }, report: report)
    return StageDriver(
      log: CopyLog(log: source, target: target), group: group,
      identity: MemberIdentity(transactionalID: group.name),
      policy: policy,
      leadPartitions: partitions.partitions(of: [group.topics[0]]),
      outputPartitions: targetPartitions, checkpoints: checkpoints, now: { Clock.monotonic },
      report: report, count: { _ in })
  }

  /// Counts the records of source and target by reading both, O(n). Nil if `isStopped` returns true meanwhile.
  package func count(until isStopped: () -> Bool) throws(LogError) -> [Count]? {
    let committed = try committed()
    var counts = Topic.inputs.map { Count(topic: $0) }
    let index = Dictionary(uniqueKeysWithValues: Topic.inputs.enumerated().map { ($1, $0) })
    for isSource in [true, false] {
      let isRead = try (isSource ? source : target).readAll(Topic.inputs, until: isStopped) { records in
        for record in records {
          guard let place = index[record.topic] else { continue }
          if !isSource {
            counts[place].target += 1
          } else if record.offset < committed[record.topicPartition] ?? 0 {
            if forgotten.contains(record) { counts[place].leftOut += 1 } else { counts[place].source += 1 }
          }
        }
      }
      guard isRead else { return nil }
    }
    return counts
  }
}

/// Reads and commits positions in one log, and writes to another.
private struct CopyLog: ForwardingLog {
  let log: any EventLog
  let target: any EventLog

  func createTopics(
    _ topics: [Topic], partitions: Int32, retention: Int64?
  ) throws(LogError) {
    try target.createTopics(topics, partitions: partitions, retention: retention)
  }
  func deleteTopics(_ topics: [Topic]) throws(LogError) { try target.deleteTopics(topics) }
  func largestRecord(of topic: Topic) throws(LogError) -> Int { try target.largestRecord(of: topic) }
  func ends(_ partitions: [TopicPartition]) throws(LogError) -> Positions { try target.ends(partitions) }
  func visibleEnds(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try target.visibleEnds(partitions)
  }
  func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try target.beginnings(partitions)
  }
  func writer(refused: RefusalHandler?) throws(LogError) -> any LogWriter {
    try target.writer(refused: refused)
  }
}
