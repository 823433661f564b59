import Contract

extension Topic {
  /// What a topic of this role is made with.
  var wantedSettings: [(name: String, value: String)] {
    if isCompacted { return [("cleanup.policy", "compact")] }
    // Input is never thrown away: state may be rebuilt from its beginning at any time. Refused events are kept too,
    // and their size is not bounded either.
    return [("cleanup.policy", "delete"), ("retention.ms", "-1"), ("retention.bytes", "-1")]
  }

  /// Why a topic with these settings would make results wrong, if it would.
  func objection(to settings: [String: String]) -> String? {
    let wanted = isCompacted ? "compact" : "delete"
    let found = settings["cleanup.policy"] ?? "(unknown)"
    guard found != wanted else { return nil }
    return "has cleanup.policy \(found), must have \(wanted)"
  }

  /// Why a topic with these settings loses input in time, if it does.
  func warning(about settings: [String: String]) -> String? {
    guard Topic.inputs.contains(self) else { return nil }
    let limits = ["retention.ms", "retention.bytes"].compactMap { name in
      settings[name].flatMap { $0 == "-1" ? nil : "\(name) \($0)" }
    }
    guard !limits.isEmpty else { return nil }
    return
      "has \(limits.joined(separator: " and ")), so it loses input that a rebuild would need; -1 keeps it all"
  }
}
