import Dashboard
import EventLog
import Indicators
import Metrics
import Platform
import Topology

/// An aggregator in this process, with its metrics.
struct AggregatorService {
  let aggregator: Aggregator
  /// Nil if no metrics are served.
  private let metrics: AggregatorMetrics?

  init(
    _ settings: AggregatorSettings, log: any EventLog, catalog: Catalog, state: StateDirectory,
    output: OutputOptions = OutputOptions(), isMeasured: Bool, stop: StopSignal, _ console: Console
  ) {
    var options = settings.options
    options.output = output
    metrics =
      isMeasured ? AggregatorMetrics(log, application: settings.application.name) : nil
    aggregator = Aggregator(
      log: metrics?.log ?? log, catalog: catalog, state: state, options: options, stopSignal: stop
    ) { console.log($0, $1) }
  }

  /// Starts the aggregator and its measurements on `background`.
  func start(_ background: BackgroundThreads) {
    background.start("aggregator") { [aggregator] in try aggregator.run(untilEnd: false) }
    measure(background)
  }

  /// Starts the periodic queries of the lag on `background`.
  func measure(_ background: BackgroundThreads) {
    guard let metrics else { return }
    background.start("lag") { [stop = background.stop] in metrics.run(until: stop) }
  }

  /// What it waits for before all of its tasks are live, a line for each; empty if nothing.
  var waitsFor: @Sendable () -> [String] {
    { [metrics, aggregator] in aggregator.waitsFor + (metrics?.waitsFor ?? []) }
  }

  var writeMetrics: @Sendable (inout MetricsText) -> Void {
    { [metrics, aggregator] in metrics?.write(aggregator, to: &$0) }
  }
}

extension AggregatorSettings {
  /// Creates an aggregator with these settings on `log`, which `place` describes. Starts its measurements on `background`.
  func makeService(
    on log: any EventLog, of place: LogSettings, _ catalog: Catalog, _ output: OutputOptions,
    _ background: BackgroundThreads,
    _ console: Console
  ) throws -> AggregatorService {
    let state = try StateDirectory(
      path: place.stateDirectory(stateDirectory, of: application.name, for: log.generation))
    let service = AggregatorService(
      self, log: log, catalog: catalog, state: state, output: output,
      isMeasured: metricsAddress != nil,
      stop: background.stop, console)
    service.measure(background)
    return service
  }
}

extension StageCounts {
  /// One line: how many events this process has read, and how many of them were refused or expired.
  var summary: String {
    let reasons = refused.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return "\(counted(records, "event")), \(refused.values.reduce(0, +)) refused"
      + (reasons.isEmpty ? "" : " (\(reasons))") + ", \(expired) expired"
  }
}
