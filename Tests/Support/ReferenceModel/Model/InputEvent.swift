import Contract

/// A record of an input topic.
package enum InputEvent: Hashable {
  case usageAction(UsageAction<String>)
  case licenseAssignment(LicenseAssignment<String>)
  case subscription(Subscription<String>)
  case billingLine(BillingLine<String>)
  case instance(Instance<String>)
  case customer(Customer<String>)
  case examPass(ExamPass<String>)
  case affiliation(Affiliation<String>)
  case partner(Partner<String>)
  /// A record that is no message of its topic; nil is a tombstone.
  case undecodable(Topic, key: String, bytes: [UInt8]?)
}

extension InputEvent {
  private var message: (any InputMessage)? {
    switch self {
    case .usageAction(let message): message
    case .licenseAssignment(let message): message
    case .subscription(let message): message
    case .billingLine(let message): message
    case .instance(let message): message
    case .customer(let message): message
    case .examPass(let message): message
    case .affiliation(let message): message
    case .partner(let message): message
    case .undecodable: nil
    }
  }

  package var topic: Topic {
    if case .undecodable(let topic, _, _) = self { return topic }
    func topic(of message: some InputMessage) -> Topic { type(of: message).topic }
    return message.map { topic(of: $0) } ?? .rejectedEvents
  }

  /// The record's key.
  package var key: String {
    switch self {
    case .usageAction(let event): event.customerID
    case .licenseAssignment(let event): event.customerID
    case .subscription(let event): event.customerID
    case .billingLine(let event): event.customerID
    case .instance(let event): event.customerID
    case .customer(let event): event.customerID
    case .examPass(let event): event.personID
    case .affiliation(let event): event.personID
    case .partner(let event): event.partnerID
    case .undecodable(_, let key, _): key
    }
  }

  /// The record's value.
  package func payload(in form: LoggedEvent.Form) -> [UInt8]? {
    if case .undecodable(_, _, let bytes) = self { return bytes }
    guard let message else { return nil }
    switch form {
    case .protobuf: return message.protobuf
    // The schema's id, then the index of the only message type: a count of zero.
    case .framed: return [0, 0, 0, 0, 7, 0] + message.protobuf
    case .json:
      var json: [UInt8] = []
      message.encodeJSON(into: &json)
      return json
    }
  }

  /// The time of the event; nil if it has none.
  package var time: Timestamp? {
    switch self {
    case .usageAction(let event): event.occurredAt
    case .licenseAssignment(let event): event.effectiveAt
    case .subscription(let event): event.effectiveAt
    case .billingLine(let event): event.billedAt
    case .instance(let event): event.effectiveAt
    case .customer(let event): event.effectiveAt
    case .examPass(let event): event.passedAt
    case .affiliation(let event): event.effectiveAt
    case .partner(let event): event.effectiveAt
    case .undecodable: nil
    }
  }
}

/// An event as the log holds it.
package struct LoggedEvent: Hashable {
  package var event: InputEvent
  /// The record's own timestamp, in milliseconds since 1970; nil if the log has none.
  package var timestamp: Int64?
  package var form = Form.protobuf

  /// How the value is written.
  package enum Form: CaseIterable {
    case protobuf, framed, json
  }

  package init(_ event: InputEvent, timestamp: Int64? = nil) {
    self.event = event
    self.timestamp = timestamp
  }

  /// The record's value.
  package var payload: [UInt8]? { event.payload(in: form) }
}
