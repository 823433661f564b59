import Contract
import EventLog

/// Writes events that come as lines of NDJSON to the input topics of a log.
package struct EventImporter {
  private let writer: EventWriter
  private var key: [UInt8] = []
  private var value: [UInt8] = []

  package init(_ log: any EventLog) throws(LogError) {
    writer = try EventWriter(log)
  }

  /// Appends the event; returns false for an empty line. Throws an `EventLine.Fault` or a `DecodingError` for a bad line
  /// and a `LogError` if the log cannot take it.
  package mutating func append(_ line: UnsafeRawBufferPointer) throws -> Bool {
    var json = JSONReader(line)
    if json.peek() == nil { return false }
    let event = try EventLine(line)
    switch event.topic {
    case .usageActions: try encode(UsageAction<String>.self, event)
    case .licenseAssignments: try encode(LicenseAssignment<String>.self, event)
    case .subscriptions: try encode(Subscription<String>.self, event)
    case .billingLines: try encode(BillingLine<String>.self, event)
    case .instances: try encode(Instance<String>.self, event)
    case .customers: try encode(Customer<String>.self, event)
    case .examPasses: try encode(ExamPass<String>.self, event)
    case .affiliations: try encode(Affiliation<String>.self, event)
    case .partners: try encode(Partner<String>.self, event)
    case .partnerPartials, .indicatorSnapshots, .indicatorScales, .rejectedEvents, .generations:
      throw EventLine.Fault("\"\(event.topic.name)\" is no input topic")
    }
    try write(event)
    return true
  }

  /// Returns when all is durable.
  package func flush() throws(LogError) { try writer.flush() }

  private mutating func encode<M: InputMessage>(_: M.Type, _ event: EventLine) throws where M.Owned == M {
    let message = try M(json: event.value)
    guard !message.key.isEmpty else {
      throw EventLine.Fault("the value has no key, which is its first field")
    }
    key.removeAll(keepingCapacity: true)
    message.key.withUTF8Bytes { key.append(contentsOf: $0) }
    value.removeAll(keepingCapacity: true)
    message.encode(into: &value)
  }

  private func write(_ event: EventLine) throws(LogError) {
    let outcome: Result<Void, LogError> = key.withUnsafeBytes { key in
      value.withUnsafeBytes { value in
        do throws(LogError) {
          return .success(
            try writer.append(event.topic, key: key, value: value, timestamp: event.timestamp))
        } catch {
          return .failure(error)
        }
      }
    }
    try outcome.get()
  }
}
