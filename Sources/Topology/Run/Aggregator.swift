import Contract
import EventLog
import Foundation
import Indicators
import Synchronization

/// Runs both stages on a log, each task on the driver thread that owns it.
public final class Aggregator: Sendable {
  private let log: any EventLog
  private let catalog: Catalog
  private let state: StateDirectory
  private let options: AggregatorOptions
  private let report: @Sendable (String) -> Void
  private let stopSignal: StopSignal
  private let failure = Mutex<LogError?>(nil)
  private let countsByStage = Mutex<[Stage: StageCounts]>([:])

  /// `report` is told what the people who run it should know, a line each.
  public init(
    log: any EventLog, catalog: Catalog, state: StateDirectory, options: AggregatorOptions,
    stopSignal: StopSignal = StopSignal(), report: @escaping @Sendable (String) -> Void
  ) {
    self.log = log
    self.catalog = catalog
    self.state = state
    self.options = options
    self.stopSignal = stopSignal
    self.report = report
  }

  /// Runs until the stop signal, or, with `untilEnd`, until all input present at the start is published.
  /// Blocks. Throws what only people can mend; then everything has stopped.
  public func run(untilEnd: Bool, progress: (Progress) -> Void = { _ in }) throws(LogError) {
    let counts = try PartitionCounts(of: log)
    let logIdentity = try log.identity()
    var watch = untilEnd ? try EndWatch(log, application: options.application, counts: counts) : nil
    var policy = options.policy
    // Somebody waits for the positions at the end.
    if untilEnd { policy.positionsOnlyInterval = min(policy.positionsOnlyInterval, 50) }
    let drivers = DispatchGroup()
    for thread in 0..<options.threads {
      start(
        EntityTask.self, thread, logIdentity, policy, drivers,
        EntityTask.Context(
          catalog: catalog, partialPartitions: counts[.partnerPartials],
          rejectedPartitions: counts[.rejectedEvents]))
      start(
        RankingTask.self, thread, logIdentity, policy, drivers,
        RankingTask.Context(
          snapshotPartitions: counts[.indicatorSnapshots], scalePartitions: counts[.indicatorScales]))
    }
    var isDone = false
    while !isDone, !stopSignal.isStopped {
      sleepMilliseconds(50)
      do throws(LogError) {
        guard let (isAll, now) = try watch?.look() else { continue }
        progress(now)
        isDone = isAll
      } catch {
        // The drivers meet the same trouble, and know whether to go on.
        guard error.kind == .unusable else { continue }
        fail(error)
      }
    }
    stopSignal.stop()
    drivers.wait()
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  /// What this process has committed of a stage so far.
  public func counts(of stage: Stage) -> StageCounts {
    countsByStage.withLock { $0[stage] ?? StageCounts() }
  }

  private func fail(_ error: LogError) {
    failure.withLock { if $0 == nil { $0 = error } }
    stopSignal.stop()
  }

  private func start<Task: StageTask>(
    _: Task.Type, _ thread: Int, _ logIdentity: String, _ policy: CommitPolicy, _ drivers: DispatchGroup,
    _ context: Task.Context
  ) {
    let stage = Task.stage
    let group = GroupSpec(name: stage.group(of: options.application), topics: stage.inputs)
    let catalogHash = Array(catalog.json).withUnsafeBytes { CheckpointFormat.checksum($0) }
    let owner = options.instanceID ?? state.processID
    let identity = MemberIdentity(
      transactionalID: "\(group.name)-\(owner)-\(thread)",
      instanceID: options.instanceID.map { "\($0)-\(stage.name)-\(thread)" })
    drivers.enter()
    let body = Thread { [self] in
      defer { drivers.leave() }
      var checkpoints = CheckpointKeeper<Task>(
        store: state, context: context,
        origin: {
          CheckpointOrigin(log: logIdentity, group: group.name, partition: $0, catalog: catalogHash)
        },
        report: report)
      checkpoints.interval = options.checkpointInterval
      let driver = StageDriver<Task>(
        log: log, group: group, identity: identity, context: context, policy: policy,
        checkpoints: checkpoints, now: monotonicMilliseconds, report: report,
        count: { [self] counts in countsByStage.withLock { $0[stage, default: StageCounts()] += counts } })
      do throws(LogError) {
        try driver.run { stopSignal.isStopped }
      } catch {
        fail(error)
      }
    }
    body.name = "\(stage.name)-\(thread)"
    body.start()
  }
}
