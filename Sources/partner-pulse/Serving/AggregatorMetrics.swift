import Dashboard
import EventLog
import Topology

/// What an aggregator in this process does, for Prometheus.
final class AggregatorMetrics: Sendable {
  /// What the aggregator is to run on.
  let log: MeasuredLog
  private let groups = GroupMetrics()
  private let lag: LagMetrics
  private let stateDirectory: String

  init(_ log: any EventLog, application: String, stateDirectory: String) {
    self.log = MeasuredLog(log, groups)
    self.stateDirectory = stateDirectory
    lag = LagMetrics(
      log, Stage.all.map { GroupSpec(name: $0.group(of: application, in: log.generation), topics: $0.inputs) }
    )
  }

  /// Asks for the lag now and then, on a thread of its own.
  func start(_ background: BackgroundThreads) {
    background.start("lag") { [lag, stop = background.stop] in lag.run { stop.isStopped } }
  }

  /// Empty while the log answers.
  var waitsFor: [String] { lag.isFresh ? [] : ["an answer from the log"] }

  func write(_ aggregator: Aggregator, to text: inout MetricsText) {
    let counts = Stage.all.map { ($0, aggregator.counts(of: $0)) }
    let records = "partner_pulse_records_total"
    text.begin(records, .counter, "Records taken in and committed, refused ones included.")
    for (stage, counts) in counts { text.sample(records, [("stage", stage.name)], Double(counts.records)) }
    let entity = aggregator.counts(of: .entity)
    let refused = "partner_pulse_refused_events_total"
    text.begin(refused, .counter, "Events refused, by reason.")
    for (reason, count) in entity.refused.sorted(by: { $0.key < $1.key }) {
      text.sample(refused, [("reason", reason)], Double(count))
    }
    text.single(
      "partner_pulse_expired_events_total", .counter, "Usage and billing older than any month that counts.",
      Double(entity.expired))
    let entries = "partner_pulse_state_entries"
    text.begin(entries, .gauge, "What a task's state holds, as of its last commit here.")
    for (stage, counts) in counts {
      for (task, count) in counts.entries.sorted(by: { $0.key < $1.key }) {
        text.sample(entries, [("task", "\(stage.name)-\(task)")], Double(count))
      }
    }
    groups.write(to: &text)
    lag.write(to: &text)
    CheckpointMetrics(directory: stateDirectory).write(to: &text)
  }
}
