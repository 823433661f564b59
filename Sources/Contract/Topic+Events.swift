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

  /// Why a record's value is no event of this input topic; nil if it is one.
  public func decodingError(of payload: UnsafeRawBufferPointer) -> DecodingError? {
    guard let eventType else { return nil }
    do throws(DecodingError) {
      _ = try eventType.event(in: payload)
      return nil
    } catch {
      return error
    }
  }

  /// The id of the entity that an event of this input topic is about, which is its record's key; nil if the value is no event,
  /// or has no id.
  public func entityID(of payload: UnsafeRawBufferPointer) -> [UInt8]? {
    guard let id = eventType?.entityID(in: payload), !id.isEmpty else { return nil }
    return id
  }

  /// Writes a record's value, in whatever form it is, as proto3 JSON; false if it is no event of this input topic.
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
