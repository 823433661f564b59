import EventLog
import Synchronization

/// Commits and rebalances of this process's consumer group members.
package final class GroupMetrics: Sendable {
  enum Rebalance: String, CaseIterable {
    case assigned
    case revoked
    case lost
  }

  private struct Group {
    var commits: [String: Int] = [:]
    var outputs = 0
    var checkpointBytes = 0
    var sizes = Histogram.bytes
    var durations = Histogram.seconds
    var ages = Histogram.seconds
    var rebalances: [Rebalance: Int] = [:]
    var tasks = 0
  }

  private let groups = Mutex<[String: Group]>([:])

  package init() {}

  func committed(
    _ group: String, _ outcome: CommitOutcome, after duration: Duration, records: Int,
    bytes: Int, oldestRecordAge: Double?
  ) {
    let (seconds, attoseconds) = duration.components
    groups.withLock { groups in
      groups[group, default: Group()].commits[outcome.name, default: 0] += 1
      groups[group, default: Group()].durations.observe(Double(seconds) + Double(attoseconds) * 1e-18)
      guard case .committed = outcome else { return }
      groups[group, default: Group()].outputs += records
      groups[group, default: Group()].sizes.observe(Double(bytes))
      if let oldestRecordAge { groups[group, default: Group()].ages.observe(oldestRecordAge) }
    }
  }

  func wroteCheckpoint(_ group: String, _ outcome: CommitOutcome, bytes: Int) {
    guard case .committed = outcome else { return }
    groups.withLock { $0[group, default: Group()].checkpointBytes += bytes }
  }

  func rebalanced(_ group: String, _ what: Rebalance, _ tasks: Int) {
    groups.withLock { groups in
      groups[group, default: Group()].rebalances[what, default: 0] += 1
      groups[group, default: Group()].tasks += what == .assigned ? tasks : -tasks
    }
  }

  package func write(to text: inout MetricsText) {
    let groups = groups.withLock { $0 }.sorted { $0.key < $1.key }
    let commits = "partner_pulse_commits_total"
    text.begin(commits, .counter, "Transactions, by outcome.")
    for (name, group) in groups {
      for (outcome, count) in group.commits.sorted(by: { $0.key < $1.key }) {
        text.sample(commits, [("group", name), ("outcome", outcome)], Double(count))
      }
    }
    write(
      "partner_pulse_written_records_total", .counter, "Records written by transactions.", groups, to: &text
    ) {
      Double($0.outputs)
    }
    write(
      "partner_pulse_written_checkpoint_bytes_total", .counter, "Bytes of checkpoints written to the log.",
      groups, to: &text
    ) {
      Double($0.checkpointBytes)
    }
    write("partner_pulse_tasks", .gauge, "Tasks assigned to this process.", groups, to: &text) {
      Double($0.tasks)
    }
    let rebalances = "partner_pulse_rebalances_total"
    text.begin(rebalances, .counter, "Rebalances that assigned, revoked or lost tasks.")
    for (name, group) in groups {
      for what in Rebalance.allCases {
        text.sample(
          rebalances, [("group", name), ("kind", what.rawValue)], Double(group.rebalances[what] ?? 0))
      }
    }
    let durations = "partner_pulse_commit_seconds"
    text.begin(durations, .histogram, "Duration of committing a transaction, including its writes.")
    for (name, group) in groups { text.histogram(durations, [("group", name)], group.durations) }
    let sizes = "partner_pulse_commit_bytes"
    text.begin(sizes, .histogram, "Bytes of keys and values in a committed transaction.")
    for (name, group) in groups { text.histogram(sizes, [("group", name)], group.sizes) }
    let ages = "partner_pulse_record_to_commit_seconds"
    text.begin(
      ages, .histogram, "Age of the oldest record that a transaction processed, by its record timestamp.")
    for (name, group) in groups { text.histogram(ages, [("group", name)], group.ages) }
  }

  private func write(
    _ name: String, _ kind: MetricsText.Kind, _ help: String, _ groups: [(key: String, value: Group)],
    to text: inout MetricsText, _ value: (Group) -> Double
  ) {
    text.begin(name, kind, help)
    for (group, state) in groups { text.sample(name, [("group", group)], value(state)) }
  }
}

extension CommitOutcome {
  fileprivate var name: String {
    switch self {
    case .committed: "committed"
    case .aborted: "aborted"
    case .unknown: "unknown"
    case .fatal: "fatal"
    }
  }
}
