import Contract

/// What most actions are judged by: all of their identities in one, and their time.
struct UsageProbe {
  var identity: Identity
  var time: Timestamp
  /// Index of the action's record in its run.
  var record: Int32
  /// Whether it counts at all.
  var isIntentional: Bool

  /// Reads an action with short texts, or throws why it is refused.
  @inline(__always)
  init(_ event: UsageActionView, _ limits: EventTimeLimits, record: Int) throws(Refusal) {
    time = try event.checkBesidesTexts(limits)
    isIntentional = event.intentional
    identity = UsageIdentity(event).both
    self.record = Int32(truncatingIfNeeded: record)
  }
}
