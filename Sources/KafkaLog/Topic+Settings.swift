import Contract
import EventLog

extension Topic {
  /// The settings to create a topic of this role with. Inputs are kept for `retention` milliseconds after they arrive; nil
  /// keeps them forever.
  func wantedSettings(retention: Int64?) -> [(name: String, value: String)] {
    if self == .partnerPartials {
      return [("cleanup.policy", "compact")] + Topic.partialLimits.map { ($0.name, String($0.least)) }
    }
    if self == .taskCheckpoints { return [("cleanup.policy", "compact")] + Topic.checkpointLimits }
    if isCompacted { return [("cleanup.policy", "compact")] }
    if let retention, Topic.inputs.contains(self) {
      // By the time of arrival: by their own timestamps, old events would be deleted before they are read.
      return [
        ("cleanup.policy", "delete"), ("retention.ms", String(retention)), ("retention.bytes", "-1"),
        ("message.timestamp.type", "LogAppendTime"),
      ]
    }
    // Inputs are kept, since state may be rebuilt from their beginning at any time. Rejected events are kept too, and
    // their total size is not bounded either.
    let kept = [("cleanup.policy", "delete"), ("retention.ms", "-1"), ("retention.bytes", "-1")]
    if Topic.inputs.contains(self) { return kept + [(Topic.timeBound, String(RecordTimeBound.ahead))] }
    return self == .rejectedEvents ? kept + [("max.message.bytes", String(Self.largestRejected))] : kept
  }

  /// A checkpoint replaces the one before the last: small segments are compacted soon.
  private static let checkpointLimits = [
    (name: "segment.bytes", value: String(64 << 20)), (name: "segment.ms", value: String(3600 * 1000)),
    (name: "min.cleanable.dirty.ratio", value: "0.2"),
  ]

  /// How long the records of an input are kept, in milliseconds; nil for other topics.
  func retention(in settings: [String: String]) -> String? {
    Topic.inputs.contains(self) ? settings["retention.ms"] : nil
  }

  /// Room for the largest record that brokers accept by default, 1,048,588 bytes, and for the reason why it was rejected.
  static let largestRejected = 1_100_000

  /// How far a record's timestamp may be ahead of the broker's clock, in milliseconds; unknown to brokers before Kafka 3.6.
  /// Their only bound, `message.timestamp.difference.max.ms`, applies to the past too, and a replay of old events must be
  /// possible.
  static let timeBound = "message.timestamp.after.max.ms"

  /// How much of its history `partner-partials` must keep, in milliseconds, and what happens otherwise.
  private static let partialLimits: [(name: String, least: Int64, otherwise: String)] = [
    // Seven days. A rebuild needs the records that the ranking group had read at its committed offset: records that it has
    // not read yet must not replace them.
    (
      "min.compaction.lag.ms", 7 * 24 * 3600 * 1000,
      "if the ranking group stops for longer, it may miss changes"
    ),
    // Ten years. A task that continues from an old checkpoint must see every tombstone since; there is at most one per
    // key.
    (
      "delete.retention.ms", 3650 * 24 * 3600 * 1000,
      "a process that restores an older checkpoint may count removed contributions"
    ),
  ]

  /// Why a topic with these settings would make results wrong, if it would.
  func objection(to settings: [String: String]) -> String? {
    let wanted = isCompacted ? "compact" : "delete"
    let found = settings["cleanup.policy"] ?? "(unknown)"
    guard found != wanted else { return nil }
    return "has cleanup.policy \(found), must have \(wanted)"
  }

  /// What may go wrong later with a topic that has these settings, if anything.
  package func warning(about settings: [String: String]) -> String? {
    if self == .partnerPartials {
      let complaints = Topic.partialLimits.compactMap { name, least, otherwise -> String? in
        guard let found = settings[name].flatMap({ Int64($0) }), found < least else { return nil }
        return "has \(name) \(found), should have \(least): \(otherwise)"
      }
      return complaints.isEmpty ? nil : complaints.joined(separator: "; ")
    }
    guard Topic.inputs.contains(self) else { return nil }
    let complaints = [retentionWarning(about: settings), timeWarning(about: settings)].compactMap { $0 }
    return complaints.isEmpty ? nil : complaints.joined(separator: "; it ")
  }

  private func timeWarning(about settings: [String: String]) -> String? {
    // A record of such a topic has the broker's own time.
    guard settings["message.timestamp.type"] != "LogAppendTime" else { return nil }
    let bound = settings[Topic.timeBound] ?? settings["message.timestamp.difference.max.ms"]
    if let bound = bound.flatMap({ Int64($0) }), bound <= RecordTimeBound.ahead { return nil }
    return
      "has \(Topic.timeBound) \(settings[Topic.timeBound] ?? "unknown"), should have \(RecordTimeBound.ahead): "
      + "a record with a timestamp far in the future can permanently move the published months"
  }

  private func retentionWarning(about settings: [String: String]) -> String? {
    let limits = ["retention.ms", "retention.bytes"].compactMap { name in
      settings[name].flatMap { $0 == "-1" ? nil : "\(name) \($0)" }
    }
    guard !limits.isEmpty else { return nil }
    let isByRecordTime =
      settings["message.timestamp.type"] == "LogAppendTime"
      ? ""
      : "; it counts from the record's timestamp (message.timestamp.type), so old events may be deleted at once"
    return
      "has \(limits.joined(separator: " and ")): what deleted records contributed exists only in checkpoints, "
      + "`recompute` and `topics copy` are not possible, and `explain` is incomplete; -1 keeps all records"
      + isByRecordTime
  }
}
