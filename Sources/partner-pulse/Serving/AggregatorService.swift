import Dashboard
import EventLog
import HTTPServer
import Indicators
import Topology

/// An aggregator with what goes with it in a process: its checkpoints and its metrics.
struct AggregatorService {
  let aggregator: Aggregator
  private let metrics: AggregatorMetrics?
  private let metricsAddress: ListenAddress?
  private let stop: StopSignal

  init(
    _ settings: AggregatorSettings, log: any EventLog, catalog: Catalog, stateDirectory: String,
    stop: StopSignal, _ console: Console
  ) throws {
    let state = try StateDirectory(path: stateDirectory)
    let metrics = settings.metricsAddress.map { _ in
      AggregatorMetrics(log, application: settings.application.name, stateDirectory: stateDirectory)
    }
    aggregator = Aggregator(
      log: metrics?.log ?? log, catalog: catalog, state: state, options: settings.options, stopSignal: stop
    ) { console.log(.info, $0) }
    self.metrics = metrics
    metricsAddress = settings.metricsAddress
    self.stop = stop
  }

  /// Serves the metrics, if they are wanted.
  func startMetrics(_ background: BackgroundThreads, _ console: Console) throws -> Server? {
    guard let metricsAddress, let metrics else { return nil }
    let server = try MetricsEndpoint.start(at: metricsAddress) { [aggregator] in
      metrics.write(aggregator, to: &$0)
    }
    metrics.start(background, stop)
    console.log(.info, "metrics on http://\(server.address)/metrics")
    return server
  }
}

extension StageCounts {
  /// One line: how many events this process took in, and what became of those that do not count.
  var summary: String {
    let reasons = refused.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return "\(counted(records, "event")), \(refused.values.reduce(0, +)) refused"
      + (reasons.isEmpty ? "" : " (\(reasons))") + ", \(expired) expired"
  }
}
