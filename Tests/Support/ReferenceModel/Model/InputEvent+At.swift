import Contract

extension InputEvent {
  /// The same at another time.
  package func at(_ time: Timestamp?) -> InputEvent {
    switch self {
    case .usageAction(var event):
      event.occurredAt = time
      return .usageAction(event)
    case .licenseAssignment(var event):
      event.effectiveAt = time
      return .licenseAssignment(event)
    case .subscription(var event):
      event.effectiveAt = time
      return .subscription(event)
    case .billingLine(var event):
      event.billedAt = time
      return .billingLine(event)
    case .instance(var event):
      event.effectiveAt = time
      return .instance(event)
    case .customer(var event):
      event.effectiveAt = time
      return .customer(event)
    case .examPass(var event):
      event.passedAt = time
      return .examPass(event)
    case .affiliation(var event):
      event.effectiveAt = time
      return .affiliation(event)
    case .partner(var event):
      event.effectiveAt = time
      return .partner(event)
    case .undecodable:
      return self
    }
  }
}
