import Contract
import SnapshotView
import Synchronization

/// Counts the records that a view of the result has applied, and measures their latency.
package final class ViewMetrics: Sendable {
  /// The state of a view.
  package struct Status: Sendable {
    package var snapshots: Int
    package var scales: Int
    package var isCaughtUp: Bool
    /// The generation that it shows; nil for none.
    package var generation: Generation?
    /// Records that could not be decoded.
    package var damaged: Int

    package init(snapshots: Int, scales: Int, isCaughtUp: Bool, generation: Generation?, damaged: Int) {
      self.snapshots = snapshots
      self.scales = scales
      self.isCaughtUp = isCaughtUp
      self.generation = generation
      self.damaged = damaged
    }
  }

  private struct State {
    var latency = Histogram.seconds
    var snapshots = 0
    var scales = 0
    var removals = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// Counts applied publications. `now` is in seconds since 1970 UTC. The latency counts from the newest event's time, which may
  /// be long past when the event arrives, or slightly ahead.
  package func take(_ publications: [Publication], now: Double) {
    state.withLock { state in
      for publication in publications {
        switch publication {
        case .snapshot(let snapshot):
          state.snapshots += 1
          if let time = snapshot.asOf {
            state.latency.observe(max(0, now - Double(time.seconds) - Double(time.nanos) * 1e-9))
          }
        case .scale: state.scales += 1
        case .removedSnapshot, .removedScale: state.removals += 1
        }
      }
    }
  }

  package func write(_ status: Status, to text: inout MetricsText) {
    let state = state.withLock { $0 }
    let taken = "partner_pulse_publications_total"
    text.begin(taken, .counter, "Result records applied since the view became complete.")
    text.sample(taken, [("kind", "snapshot")], Double(state.snapshots))
    text.sample(taken, [("kind", "scale")], Double(state.scales))
    text.sample(taken, [("kind", "removal")], Double(state.removals))
    let latency = "partner_pulse_event_to_snapshot_seconds"
    text.begin(
      latency, .histogram,
      "Time from the newest event in a snapshot to when the view applied the snapshot.")
    text.histogram(latency, [], state.latency)
    text.single("partner_pulse_view_snapshots", .gauge, "Snapshots in the view.", Double(status.snapshots))
    text.single("partner_pulse_view_scales", .gauge, "Scales in the view.", Double(status.scales))
    text.single(
      "partner_pulse_view_ready", .gauge, "1 if the view has caught up, otherwise 0.",
      status.isCaughtUp ? 1 : 0)
    text.single(
      "partner_pulse_view_generation", .gauge, "Generation that the view shows; 0 if none.",
      Double(status.generation?.number ?? 0))
    text.single(
      "partner_pulse_view_damaged_total", .counter, "Result records that could not be decoded.",
      Double(status.damaged))
  }
}
