import Contract

extension Topic {
  /// What a topic of this role is made with.
  var wantedSettings: [(name: String, value: String)] {
    if self == .partnerPartials {
      // What the ranking group knew at its position must be there to be built again: records that it has not
      // read yet must not replace those that it has.
      return [("cleanup.policy", "compact"), ("min.compaction.lag.ms", String(Topic.compactionLag))]
    }
    if isCompacted { return [("cleanup.policy", "compact")] }
    // Input is never thrown away: state may be rebuilt from its beginning at any time. Refused events are
    // kept too, and their size is not bounded either.
    return [("cleanup.policy", "delete"), ("retention.ms", "-1"), ("retention.bytes", "-1")]
  }

  /// Seven days, in milliseconds: as long may the ranking group stand still.
  static let compactionLag: Int64 = 7 * 24 * 3600 * 1000

  /// Why a topic with these settings would make results wrong, if it would.
  func objection(to settings: [String: String]) -> String? {
    let wanted = isCompacted ? "compact" : "delete"
    let found = settings["cleanup.policy"] ?? "(unknown)"
    guard found != wanted else { return nil }
    return "has cleanup.policy \(found), must have \(wanted)"
  }

  /// Why a topic with these settings may lose what is needed in time, if it may.
  func warning(about settings: [String: String]) -> String? {
    if self == .partnerPartials, let lag = settings["min.compaction.lag.ms"].flatMap({ Int64($0) }),
      lag < Topic.compactionLag
    {
      return
        "has min.compaction.lag.ms \(lag), should have \(Topic.compactionLag): a ranking group that stands "
        + "still for longer may afterwards not publish a change"
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
