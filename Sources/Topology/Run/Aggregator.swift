import Contract
import EventLog
import Indicators
import Platform
import Synchronization

/// Options of an aggregator.
package struct AggregatorOptions: Sendable {
  /// The prefix of the consumer group names. Each application has its own committed positions.
  package var application = "partner-pulse"
  /// Driver threads of each stage.
  package var threads = 1
  /// For static membership: a name of this process that is unique in the application; nil for dynamic membership.
  package var instanceID: String?
  package var policy = CommitPolicy()
  /// Milliseconds between two checkpoints of a task.
  package var checkpointInterval: Int64 = 60_000
  /// The average limit of checkpoint bytes that each thread writes per second, and the maximum size of a chunk.
  package var checkpointBytesPerSecond = 4_000_000
  package var checkpointChunkBytes = 256 << 10
  package var output = OutputOptions()

  package init() {}
}

/// How results are encoded, and which schemas of inputs are accepted.
package struct OutputOptions: Sendable {
  package var encoding = ResultEncoding.protobuf
  /// Nil if the schemas of inputs are not checked.
  package var inputSchemas: (any InputSchemas)?

  package init() {}
}

/// Runs both stages on a log, each task on the driver thread that owns it (like stream threads of Kafka Streams).
package final class Aggregator: Sendable {
  private let log: any EventLog
  private let catalog: Catalog
  private let state: StateDirectory
  private let options: AggregatorOptions
  private let report: Report
  private let stopSignal: StopSignal
  private let failure = Mutex<LogError?>(nil)
  private let countsByStage = Mutex<[Stage: StageCounts]>([:])
  /// By stage and task, in seconds since 1970 UTC.
  private let checkpointTimes = Mutex<[Stage: [Int32: Int]]>([:])
  /// By thread name.
  private let statuses = Mutex<[String: DriverStatus]>([:])
  /// Whether the entity stage has yet to process input that was in the log at the start.
  private let isEntityStageBehind = Atomic(true)

  /// `report` logs lines for operators.
  package init(
    log: any EventLog, catalog: Catalog, state: StateDirectory, options: AggregatorOptions,
    stopSignal: StopSignal = StopSignal(), report: @escaping Report
  ) {
    self.log = log
    self.catalog = catalog
    self.state = state
    self.options = options
    self.stopSignal = stopSignal
    self.report = report
  }

  /// Runs until the stop signal, or with `untilEnd` until the result of all input present at the start is published.
  /// Blocks. Throws errors that need an operator; all threads have then stopped.
  package func run(untilEnd: Bool, progress: (Progress) -> Void = { _ in }) throws(LogError) {
    var options = options
    if untilEnd {
      // The caller waits for the committed positions to reach the end.
      options.policy.positionsOnlyInterval = min(options.policy.positionsOnlyInterval, 50)
    }
    guard let (factory, end) = try begin(options) else { return }
    var watch = end
    let drivers = ThreadGroup()
    for thread in 0..<options.threads {
      start("\(Stage.entity.name)-\(thread)", drivers) { [self] name in
        factory.entityDriver(
          thread, count: { self.add($0, to: .entity) }, publish: { self.note($0, of: name) })
      }
      start("\(Stage.ranking.name)-\(thread)", drivers) { [self] name in
        factory.rankingDriver(
          thread, count: { self.add($0, to: .ranking) },
          isUpstreamBehind: { self.isEntityStageBehind.load(ordering: .relaxed) },
          publish: { self.note($0, of: name) })
      }
    }
    let interval = Duration.milliseconds(untilEnd ? 50 : 500)
    var isDone = false
    while !isDone, !stopSignal.wait(for: interval) {
      do throws(LogError) {
        let (isAll, now) = try watch.poll()
        isEntityStageBehind.store(!watch.isEntityStageDone, ordering: .relaxed)
        if untilEnd { progress(now) }
        isDone = untilEnd ? isAll : watch.isEntityStageDone
      } catch {
        // The drivers meet the same error, and retry if it is transient.
        guard error.kind == .unusable else { continue }
        fail(error)
      }
    }
    if !untilEnd { stopSignal.wait() }
    stopSignal.stop()
    drivers.wait()
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  /// Retries while the log does not answer; nil if it is stopped meanwhile.
  private func begin(_ options: AggregatorOptions) throws(LogError) -> (DriverFactory, EndWatch)? {
    var backoff = Backoff(first: options.policy.firstPause, longest: options.policy.longestPause)
    while !stopSignal.isStopped {
      do throws(LogError) {
        let factory = try DriverFactory(
          log: log, catalog: catalog, store: state, processID: state.processID, options: options,
          now: { Clock.monotonic }, report: report)
        return (factory, try EndWatch(log, application: options.application, counts: factory.counts))
      } catch {
        guard error.kind == .retriable else { throw error }
        report(.warning, LogMessage("\(error); retrying", LogFields(error: error.code)))
        let now = Clock.monotonic
        stopSignal.wait(for: .milliseconds(backoff.failed(now: now) - now))
      }
    }
    return nil
  }

  /// Statistics of what this process has committed in a stage.
  package func counts(of stage: Stage) -> StageCounts {
    countsByStage.withLock { $0[stage] ?? StageCounts() }
  }

  /// The time when each task's last checkpoint was written, or the task was restored from one, in seconds since 1970 UTC.
  package func checkpointTimes(of stage: Stage) -> [Int32: Int] {
    checkpointTimes.withLock { $0[stage] ?? [:] }
  }

  /// The tasks of a stage that are not restored yet, and the progress of those that are being restored now.
  package func restoring(of stage: Stage) -> (tasks: [Int32], progress: [RestoreProgress]) {
    let statuses = statuses.withLock { $0 }.filter { $0.key.hasPrefix(stage.name + "-") }.values
    return (
      statuses.flatMap(\.restoring).sorted(), statuses.compactMap(\.restore).sorted { $0.task < $1.task }
    )
  }

  /// What this process waits for before all of its tasks are live, a line for each thread; empty if all are.
  package var waitsFor: [String] {
    let statuses = statuses.withLock { $0 }
    guard !statuses.isEmpty else { return ["the log"] }
    return statuses.sorted { $0.key < $1.key }.compactMap { name, status in
      status.waitsFor.map { "\(name): \($0)" }
    }
  }

  private func note(_ status: DriverStatus, of name: String) { statuses.withLock { $0[name] = status } }

  private func fail(_ error: LogError) {
    failure.withLock { if $0 == nil { $0 = error } }
    stopSignal.stop()
  }

  private func add(_ counts: StageCounts, to stage: Stage) {
    let known = countsByStage.withLock { all in
      let known = all[stage]?.misplaced ?? []
      all[stage, default: StageCounts()] += counts
      return known
    }
    if !counts.checkpointBytes.isEmpty {
      checkpointTimes.withLock { times in
        for task in counts.checkpointBytes.keys { times[stage, default: [:]][task] = Int(Clock.now / 1000) }
      }
    }
    for topic in counts.misplaced.subtracting(known) {
      report(
        .warning,
        LogMessage(
          "events of \(topic.name) are in the wrong partitions and are refused as "
            + "\(Refusal.wrongPartition.rawValue): the key must be the \(topic.keyName)'s id, and producers must use "
            + "Kafka's murmur2 partitioner (librdkafka: partitioner=murmur2_random)",
          LogFields(topic: topic.name)))
    }
  }

  private func start<Task: StageTask>(
    _ name: String, _ drivers: ThreadGroup,
    _ makeDriver: @escaping @Sendable (_ name: String) -> StageDriver<Task>
  ) {
    note(DriverStatus(), of: name)
    drivers.start(named: name) { [self] in
      do throws(LogError) {
        try makeDriver(name).run { stopSignal.isStopped }
      } catch {
        fail(error)
      }
    }
  }
}
