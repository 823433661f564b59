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
    var options = options
    if untilEnd {
      // Somebody waits for the positions at the end.
      options.policy.positionsOnlyInterval = min(options.policy.positionsOnlyInterval, 50)
    }
    let factory = try DriverFactory(
      log: log, catalog: catalog, store: state, processID: state.processID, options: options,
      now: monotonicMilliseconds, report: report)
    var watch =
      untilEnd ? try EndWatch(log, application: options.application, counts: factory.counts) : nil
    let drivers = DispatchGroup()
    for thread in 0..<options.threads {
      start("\(Stage.entity.name)-\(thread)", drivers) { [self] in
        factory.entityDriver(thread, count: { self.add($0, to: .entity) })
      }
      start("\(Stage.ranking.name)-\(thread)", drivers) { [self] in
        factory.rankingDriver(thread, count: { self.add($0, to: .ranking) })
      }
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

  private func add(_ counts: StageCounts, to stage: Stage) {
    countsByStage.withLock { $0[stage, default: StageCounts()] += counts }
  }

  private func start<Task: StageTask>(
    _ name: String, _ drivers: DispatchGroup, _ makeDriver: @escaping @Sendable () -> StageDriver<Task>
  ) {
    drivers.enter()
    let body = Thread { [self] in
      defer { drivers.leave() }
      do throws(LogError) {
        try makeDriver().run { stopSignal.isStopped }
      } catch {
        fail(error)
      }
    }
    body.name = name
    body.start()
  }
}
