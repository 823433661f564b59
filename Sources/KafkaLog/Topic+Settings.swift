import Contract

extension Topic {
  /// What a topic of this role is made with.
  var wantedSettings: [(name: String, value: String)] {
    if self == .partnerPartials {
      return [("cleanup.policy", "compact")] + Topic.partialLimits.map { ($0.name, String($0.least)) }
    }
    if isCompacted { return [("cleanup.policy", "compact")] }
    // Input is never thrown away: state may be rebuilt from its beginning at any time. Refused events are
    // kept too, and their size is not bounded either.
    let kept = [("cleanup.policy", "delete"), ("retention.ms", "-1"), ("retention.bytes", "-1")]
    return self == .rejectedEvents ? kept + [("max.message.bytes", String(Self.largestRejected))] : kept
  }

  /// Room for the largest record that brokers take by default, 1,048,588 bytes, and for why it was refused.
  static let largestRejected = 1_100_000

  /// How much of its past `partner-partials` must keep, in milliseconds, and what happens otherwise.
  private static let partialLimits: [(name: String, least: Int64, otherwise: String)] = [
    // Seven days. What the ranking group knew at its position must be there to be built again: records that it
    // has not read yet must not replace those that it has.
    (
      "min.compaction.lag.ms", 7 * 24 * 3600 * 1000,
      "a ranking group that stands still for longer may afterwards not publish a change"
    ),
    // Ten years. Who goes on from an old checkpoint must meet every tombstone since; there is one a key at most.
    (
      "delete.retention.ms", 3650 * 24 * 3600 * 1000,
      "a process that goes on from an older checkpoint may count what is gone"
    ),
  ]

  /// Why a topic with these settings would make results wrong, if it would.
  func objection(to settings: [String: String]) -> String? {
    let wanted = isCompacted ? "compact" : "delete"
    let found = settings["cleanup.policy"] ?? "(unknown)"
    guard found != wanted else { return nil }
    return "has cleanup.policy \(found), must have \(wanted)"
  }

  /// Why a topic with these settings may lose what is needed in time, if it may.
  func warning(about settings: [String: String]) -> String? {
    if self == .partnerPartials {
      let complaints = Topic.partialLimits.compactMap { name, least, otherwise -> String? in
        guard let found = settings[name].flatMap({ Int64($0) }), found < least else { return nil }
        return "has \(name) \(found), should have \(least): \(otherwise)"
      }
      return complaints.isEmpty ? nil : complaints.joined(separator: "; ")
    }
    guard Topic.inputs.contains(self) else { return nil }
    let limits = ["retention.ms", "retention.bytes"].compactMap { name in
      settings[name].flatMap { $0 == "-1" ? nil : "\(name) \($0)" }
    }
    guard !limits.isEmpty else { return nil }
    return
      "has \(limits.joined(separator: " and ")), so it loses input that a rebuild would need; -1 keeps it all"
  }
}
