import Contract
import EventLog
import Indicators

/// Makes the drivers of one process, each to be owned by one thread.
package struct DriverFactory: Sendable {
  private let log: any EventLog
  private let logIdentity: String
  package let counts: PartitionCounts
  private let largestRejected: Int
  private let catalog: Catalog
  private let store: any CheckpointStore
  private let processID: String
  private let options: AggregatorOptions
  private let now: @Sendable () -> Int64
  private let report: Report
  /// A test hook.
  private let misbehavior: Misbehavior

  /// `processID` is the same after a restart of the process; `now` gives milliseconds of a monotonic clock.
  package init(
    log: any EventLog, catalog: Catalog, store: any CheckpointStore, processID: String,
    options: AggregatorOptions, now: @escaping @Sendable () -> Int64,
    report: @escaping Report, misbehavior: Misbehavior = []
  ) throws(LogError) {
    self.log = log
    self.catalog = catalog
    self.store = store
    self.processID = options.instanceID ?? processID
    self.options = options
    self.now = now
    self.report = report
    self.misbehavior = misbehavior
    counts = try PartitionCounts(of: log)
    try log.requireRoomForOutputs()
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
        rejectedPartitions: counts[.rejectedEvents], largestRejected: largestRejected),
      count, publish)
  }

  package func rankingDriver(
    _ thread: Int, count: @escaping @Sendable (StageCounts) -> Void = { _ in },
    publish: @escaping @Sendable (DriverStatus) -> Void = { _ in }
  ) -> StageDriver<RankingTask> {
    driver(
      thread,
      RankingTask.Context(
        snapshotPartitions: counts[.indicatorSnapshots], scalePartitions: counts[.indicatorScales]),
      count, publish)
  }

  private func driver<Task: StageTask>(
    _ thread: Int, _ context: Task.Context, _ count: @escaping @Sendable (StageCounts) -> Void,
    _ publish: @escaping @Sendable (DriverStatus) -> Void
  ) -> StageDriver<Task> {
    let stage = Task.stage
    let group = GroupSpec(
      name: stage.group(of: options.application, in: log.generation), topics: stage.inputs,
      outputs: stage.outputs)
    let identity = MemberIdentity(
      transactionalID: "\(group.name)-\(processID)-\(thread)",
      instanceID: options.instanceID.map { "\($0)-\(stage.name)-\(thread)" })
    let definition = counts.definition(catalog)
    var checkpoints = CheckpointKeeper<Task>(
      store: store, context: context,
      origin: { [logIdentity] in
        CheckpointOrigin(log: logIdentity, group: group.name, partition: $0, definition: definition)
      },
      report: report)
    checkpoints.interval = options.checkpointInterval
    return StageDriver(
      log: log, group: group, identity: identity, context: context, policy: options.policy,
      outputPartitions: counts.partitions(of: stage.outputs), checkpoints: checkpoints, now: now,
      report: report, count: count, publish: publish, misbehavior: misbehavior)
  }
}
