extension Topic {
  /// The type of an input topic's events; nil for other topics.
  public var eventType: (any InputMessage.Type)? {
    switch self {
    case .usageActions: UsageAction<String>.self
    case .licenseAssignments: LicenseAssignment<String>.self
    case .subscriptions: Subscription<String>.self
    case .billingLines: BillingLine<String>.self
    case .instances: Instance<String>.self
    case .customers: Customer<String>.self
    case .examPasses: ExamPass<String>.self
    case .affiliations: Affiliation<String>.self
    case .partners: Partner<String>.self
    default: nil
    }
  }

  /// Why a record's value cannot be decoded as an event of this input topic; nil if it can, and for other topics.
  public func decodingError(of payload: UnsafeRawBufferPointer) -> DecodingError? {
    guard let eventType else { return nil }
    do throws(DecodingError) {
      _ = try eventType.event(in: payload)
      return nil
    } catch {
      return error
    }
  }

  /// The id of the entity that an event of this input topic is about, which is its record's key; nil if the value cannot be decoded
  /// or has no id.
  public func entityID(of payload: UnsafeRawBufferPointer) -> [UInt8]? {
    guard let id = eventType?.entityID(in: payload), !id.isEmpty else { return nil }
    return id
  }

  /// Writes a record's value, whatever its form, as proto3 JSON; returns false if it cannot be decoded as an event of this topic.
  public func write(_ payload: UnsafeRawBufferPointer, to json: inout JSONWriter) -> Bool {
    guard let event = try? eventType?.event(in: payload) else { return false }
    event.write(to: &json)
    return true
  }
}

extension InputMessage {
  fileprivate static func entityID(in payload: UnsafeRawBufferPointer) -> [UInt8]? {
    (try? Owned(payload: payload)).map { event in event.key.withUTF8Bytes { Array($0) } }
  }

  fileprivate static func event(in payload: UnsafeRawBufferPointer) throws(DecodingError) -> any Message {
    try Owned(payload: payload)
  }
}
