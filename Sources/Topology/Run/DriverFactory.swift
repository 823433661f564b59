import Contract
import EventLog
import Indicators

/// Creates the drivers of one process, one per thread.
package struct DriverFactory: Sendable {
  private let log: any EventLog
  private let logIdentity: String
  package let counts: PartitionCounts
  private let largestRejected: Int
  private let catalog: Catalog
  private let checkpoints: CheckpointSource
  /// The maximum size of a checkpoint's chunk.
  private let chunkBytes: Int
  private let processID: String
  private let options: AggregatorOptions
  private let now: @Sendable () -> Int64
  private let report: Report
  /// The maximum size of a chunk's record key in bytes.
  private static let largestKey = 100
  /// Whether tasks are restored on background threads.
  private let restoresInBackground: Bool

  /// `processID` stays the same after a restart of the process; `now` returns milliseconds of a monotonic clock.
  package init(
    log: any EventLog, catalog: Catalog, store: any CheckpointStore, processID: String,
    options: AggregatorOptions, now: @escaping @Sendable () -> Int64,
    report: @escaping Report, restoresInBackground: Bool = true
  ) throws(LogError) {
    self.log = log
    self.catalog = catalog
    self.processID = options.instanceID ?? processID
    self.options = options
    self.now = now
    self.report = report
    self.restoresInBackground = restoresInBackground
    counts = try PartitionCounts(
      of: log, Topic.inputs + log.topicsOfGeneration)
    if log.keepsCheckpoints {
      checkpoints = .log(partitions: counts[.taskCheckpoints])
      let largest = try log.largestRecord(of: .taskCheckpoints) - Self.largestKey
      chunkBytes = min(options.checkpointChunkBytes, largest)
    } else {
      checkpoints = .disk(store)
      chunkBytes = options.checkpointChunkBytes
    }
    try log.requireRoomForOutputs(options.output.encoding)
    largestRejected = try log.largestRecord(of: .rejectedEvents)
    logIdentity = try log.identity()
  }

  package func entityDriver(
    _ thread: Int, count: @escaping @Sendable (StageCounts) -> Void = { _ in },
    publish: @escaping @Sendable (DriverStatus) -> Void = { _ in }
  ) -> StageDriver<EntityTask> {
    driver(
      thread,
      EntityTask.Context(
        catalog: catalog, inputPartitions: counts[Topic.inputs[0]],
        partialPartitions: counts[.partnerPartials],
        rejectedPartitions: counts[.rejectedEvents], largestRejected: largestRejected,
        inputSchemas: options.output.inputSchemas),
      count, { false }, publish)
  }

  /// `isUpstreamBehind` returns whether the entity stage has yet to process input that was in the log at the start.
  package func rankingDriver(
    _ thread: Int, count: @escaping @Sendable (StageCounts) -> Void = { _ in },
    isUpstreamBehind: @escaping @Sendable () -> Bool = { false },
    publish: @escaping @Sendable (DriverStatus) -> Void = { _ in }
  ) -> StageDriver<RankingTask> {
    driver(
      thread,
      RankingTask.Context(
        snapshotPartitions: counts[.indicatorSnapshots], scalePartitions: counts[.indicatorScales],
        encoding: options.output.encoding),
      count, isUpstreamBehind, publish)
  }

  private func driver<Task: StageTask>(
    _ thread: Int, _ context: Task.Context, _ count: @escaping @Sendable (StageCounts) -> Void,
    _ isUpstreamBehind: @escaping @Sendable () -> Bool, _ publish: @escaping @Sendable (DriverStatus) -> Void
  ) -> StageDriver<Task> {
    let stage = Task.stage
    let group = GroupSpec(
      name: stage.group(of: options.application, in: log.generation), topics: stage.inputs,
      outputs: stage.outputs + (log.keepsCheckpoints ? [.taskCheckpoints] : []), author: CommitNote.author)
    let identity = MemberIdentity(
      transactionalID: "\(group.name)-\(processID)-\(thread)",
      instanceID: options.instanceID.map { "\($0)-\(stage.name)-\(thread)" })
    let definition = counts.definition(catalog)
    var settings = CheckpointSettings<Task>(
      source: checkpoints, context: context,
      origin: { [logIdentity] in
        CheckpointOrigin(log: logIdentity, group: group.name, partition: $0, definition: definition)
      },
      report: report)
    settings.interval = options.checkpointInterval
    settings.bytesPerSecond = options.checkpointBytesPerSecond
    settings.chunkBytes = chunkBytes
    var policy = options.policy
    policy.transactionBytes = min(policy.transactionBytes, log.transactionRoom.bytes)
    policy.transactionRecords = min(policy.transactionRecords, log.transactionRoom.records)
    return StageDriver(
      log: log, group: group, identity: identity, policy: policy,
      leadPartitions: counts.partitions(of: [stage.inputs[0]]),
      outputPartitions: counts.partitions(of: stage.outputs),
      checkpoints: settings, restoresInBackground: restoresInBackground, joining: (thread, options.threads),
      now: now,
      report: report, count: count, isUpstreamBehind: isUpstreamBehind, publish: publish)
  }
}
