import EventLog
import Platform
import Topology

/// Prometheus metrics of the aggregator in this process.
package final class AggregatorMetrics: Sendable {
  /// The log to run the aggregator on, which measures its group members.
  package let log: MeasuredLog
  private let groups = GroupMetrics()
  private let lag: LagMetrics

  package init(_ log: any EventLog, application: String) {
    self.log = MeasuredLog(log, groups)
    lag = LagMetrics(
      log, Stage.all.map { GroupSpec(name: $0.group(of: application, in: log.generation), topics: $0.inputs) }
    )
  }

  /// Queries the lag periodically until `stop`. Blocks.
  package func run(until stop: StopSignal) { lag.run(until: stop) }

  /// What the metrics wait for; empty while the log responds.
  package var waitsFor: [String] { lag.isFresh ? [] : ["an answer from the log"] }

  package func write(_ aggregator: Aggregator, to text: inout MetricsText) {
    let counts = Stage.all.map { ($0, aggregator.counts(of: $0)) }
    let records = "partner_pulse_records_total"
    text.begin(records, .counter, "Records processed and committed, including rejected ones.")
    for (stage, counts) in counts { text.sample(records, [("stage", stage.name)], Double(counts.records)) }
    let entity = aggregator.counts(of: .entity)
    let rejected = "partner_pulse_rejected_events_total"
    text.begin(rejected, .counter, "Events rejected, by reason.")
    for (reason, count) in entity.refused.sorted(by: { $0.key < $1.key }) {
      text.sample(rejected, [("reason", reason)], Double(count))
    }
    text.single(
      "partner_pulse_expired_events_total", .counter,
      "Usage and billing events too old to count in any published month.",
      Double(entity.expired))
    write(
      "partner_pulse_state_entries", "Entries in a task's state, as of its last commit in this process.",
      to: &text
    ) { aggregator.counts(of: $0).entries }
    let bytes = "partner_pulse_state_bytes"
    text.begin(bytes, .gauge, "Approximate memory of a task's state in bytes, measured periodically.")
    for (stage, counts) in counts {
      for (task, kinds) in counts.stateBytes.sorted(by: { $0.key < $1.key }) {
        for (kind, value) in kinds.sorted(by: { $0.key < $1.key }) {
          text.sample(bytes, [("task", "\(stage.name)-\(task)"), ("kind", kind)], Double(value))
        }
      }
    }
    writeCheckpoints(aggregator, to: &text)
    writeRestores(aggregator, to: &text)
    groups.write(to: &text)
    lag.write(to: &text)
  }

  private func writeCheckpoints(_ aggregator: Aggregator, to text: inout MetricsText) {
    write(
      "partner_pulse_checkpoint_bytes", "Size of a task's last checkpoint in bytes.", to: &text
    ) { aggregator.counts(of: $0).checkpointBytes }
    write(
      "partner_pulse_checkpoint_timestamp_seconds",
      "Time when a task's last checkpoint was written, or when the task was restored from one.", to: &text
    ) { aggregator.checkpointTimes(of: $0) }
  }

  private func write(
    _ name: String, _ help: String, to text: inout MetricsText, _ values: (Stage) -> [Int32: Int]
  ) {
    text.begin(name, .gauge, help)
    for stage in Stage.all {
      for (task, value) in values(stage).sorted(by: { $0.key < $1.key }) {
        text.sample(name, [("task", "\(stage.name)-\(task)")], Double(value))
      }
    }
  }

  private func writeRestores(_ aggregator: Aggregator, to text: inout MetricsText) {
    let restoring = "partner_pulse_restoring_tasks"
    text.begin(restoring, .gauge, "Tasks of this process that are being restored or waiting for it.")
    for stage in Stage.all {
      text.sample(restoring, [("stage", stage.name)], Double(aggregator.restoring(of: stage).tasks.count))
    }
    let offsets = "partner_pulse_restore_offsets"
    text.begin(
      offsets, .gauge,
      "Offsets that a restoring task has replayed since its checkpoint (done), and the total (all).")
    for stage in Stage.all {
      for progress in aggregator.restoring(of: stage).progress {
        let task = "\(stage.name)-\(progress.task)"
        text.sample(offsets, [("task", task), ("kind", "done")], Double(progress.done))
        text.sample(offsets, [("task", task), ("kind", "all")], Double(progress.total))
      }
    }
    let restores = "partner_pulse_restore_seconds"
    text.begin(restores, .histogram, "Duration of restoring a task, by source.")
    for stage in Stage.all {
      for (source, hasCheckpoint) in [("checkpoint", true), ("beginning", false)] {
        var histogram = Histogram.seconds
        for restore in aggregator.counts(of: stage).restores where restore.hasCheckpoint == hasCheckpoint {
          histogram.observe(Double(restore.milliseconds) / 1000)
        }
        text.histogram(restores, [("stage", stage.name), ("source", source)], histogram)
      }
    }
  }
}
