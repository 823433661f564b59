import Contract
import EventLog
import Glibc
import Platform
import Synchronization

/// The lag of consumer groups, which is queried from the log periodically, so that a scrape never waits for a broker.
package final class LagMetrics: Sendable {
  private struct State {
    var lags: [(group: String, partition: TopicPartition, lag: Int64)] = []
    /// When they were queried, in seconds since 1970 UTC; 0 for never.
    var queriedAt = 0
  }

  private let state = Mutex(State())
  private let log: any EventLog
  private let groups: [GroupSpec]

  package init(_ log: any EventLog, _ groups: [GroupSpec]) {
    self.log = log
    self.groups = groups
  }

  /// Queries every five seconds until `stop`. Blocks.
  package func run(until stop: StopSignal) {
    repeat {
      // A failure shows in the age of the last query.
      do throws(LogError) { try query() } catch {}
    } while !stop.wait(for: .seconds(5))
  }

  /// Whether the log has responded within the last thirty seconds.
  package var isFresh: Bool { state.withLock { time(nil) - $0.queriedAt <= 30 } }

  package func query() throws(LogError) {
    var lags: [(group: String, partition: TopicPartition, lag: Int64)] = []
    for group in groups {
      let partitions = try log.partitionCounts(of: group.topics).flatMap { topic, count in
        (0..<count).map { TopicPartition(topic, $0) }
      }
      let (ends, committed) = (try log.ends(partitions), try log.committed(partitions, of: group.name))
      lags += partitions.map { partition in
        (group.name, partition, max(0, (ends[partition] ?? 0) - (committed[partition] ?? 0)))
      }
    }
    let sorted = lags.sorted { ($0.group, $0.partition.description) < ($1.group, $1.partition.description) }
    state.withLock { $0 = State(lags: sorted, queriedAt: time(nil)) }
  }

  package func write(to text: inout MetricsText) {
    let state = state.withLock { $0 }
    let name = "partner_pulse_lag_records"
    text.begin(
      name, .gauge, "Consumer group lag: offsets of a partition that its group has not committed yet.")
    for (group, partition, lag) in state.lags {
      let labels = [
        ("group", group), ("topic", partition.topic.name), ("partition", String(partition.partition)),
      ]
      text.sample(name, labels, Double(lag))
    }
    text.single(
      "partner_pulse_lag_asked_timestamp_seconds", .gauge, "Time of the last lag query; 0 if never.",
      Double(state.queriedAt))
  }
}
