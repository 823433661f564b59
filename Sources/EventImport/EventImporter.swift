import Contract
import EventLog

/// Imports events: reads numbered lines of NDJSON and writes them to the input topics of a log.
package struct EventImporter {
  /// Nil for a dry run.
  private let writer: EventWriter?
  private let isStrict: Bool
  private let refuse: (_ number: Int, _ reason: String) -> Void
  private var unknownFields = UnknownFields()
  private var key: [UInt8] = []
  private var value: [UInt8] = []

  /// Only checks lines, and calls `refuse` for each invalid one. With `isStrict`, lines with unknown fields are invalid.
  package init(
    checkingOnly isStrict: Bool, refuse: @escaping (_ number: Int, _ reason: String) -> Void
  ) {
    writer = nil
    self.isStrict = isStrict
    self.refuse = refuse
  }

  /// Calls `refuse` once for each line that is not imported: while the line is appended, or later if the log refuses it. With
  /// `isStrict`, lines with unknown fields are refused. Throws if an input topic is missing or has wrong settings.
  package init(
    _ log: any EventLog, isStrict: Bool = false,
    refuse: @escaping (_ number: Int, _ reason: String) -> Void
  ) throws(LogError) {
    writer = try EventWriter(log) { refuse($0.tag, $0.reason.description) }
    self.isStrict = isStrict
    self.refuse = refuse
  }

  /// Appends the event of a line, or refuses it. Returns false for an empty line. Line numbers must increase. Throws errors of
  /// the log that concern more than this line.
  package mutating func append(_ line: UnsafeRawBufferPointer, number: Int) throws(LogError) -> Bool {
    var json = JSONReader(line)
    if json.peek() == nil { return false }
    do {
      try take(line, number)
    } catch let error as LogError {
      throw error
    } catch let error as DecodingError {
      refuse(number, LineFault(error, of: line).description)
    } catch {
      refuse(number, "\(error)")
    }
    return true
  }

  /// Returns when all appended events are durable or refused.
  package func flush() throws(LogError) { try writer?.flush() }

  /// The unknown fields of imported lines, which were ignored, a sentence for each.
  package var warnings: [String] { unknownFields.report }

  private mutating func take(_ line: UnsafeRawBufferPointer, _ number: Int) throws {
    let event = try EventLine(line)
    switch event.topic {
    case .usageActions: try take(UsageAction<String>.self, event, line, number)
    case .licenseAssignments: try take(LicenseAssignment<String>.self, event, line, number)
    case .subscriptions: try take(Subscription<String>.self, event, line, number)
    case .billingLines: try take(BillingLine<String>.self, event, line, number)
    case .instances: try take(Instance<String>.self, event, line, number)
    case .customers: try take(Customer<String>.self, event, line, number)
    case .examPasses: try take(ExamPass<String>.self, event, line, number)
    case .affiliations: try take(Affiliation<String>.self, event, line, number)
    case .partners: try take(Partner<String>.self, event, line, number)
    case .partnerPartials, .indicatorSnapshots, .indicatorScales, .rejectedEvents, .generations,
      .taskCheckpoints:
      throw LineFault("\"\(event.topic.name)\" is not an input topic")
    }
  }

  private mutating func take<M: InputMessage>(
    _: M.Type, _ event: EventLine, _ line: UnsafeRawBufferPointer, _ number: Int
  ) throws where M.Owned == M {
    var json = JSONReader(event.value)
    let message: M
    var unknown: [JSONString] = []
    do throws(DecodingError) {
      message = try M(jsonObject: &json)
      try json.end()
      if json.unknownMembers > 0 { unknown = try M.unknownMembers(ofJSONObject: event.value) }
    } catch {
      throw LineFault(error, at: event.valueOffset, of: line)
    }
    if isStrict {
      try refuse(event.unknownMembers, of: line, known: EventLine.memberNames)
      try refuse(unknown, of: line, known: M.jsonFieldNames)
    }
    guard !message.key.isEmpty else {
      throw LineFault("the value's key field \"\(M.jsonFieldNames[0])\" is missing")
    }
    key.removeAll(keepingCapacity: true)
    message.key.withUTF8Bytes { key.append(contentsOf: $0) }
    value.removeAll(keepingCapacity: true)
    message.encode(into: &value)
    try write(event, number)
    for member in event.unknownMembers {
      unknownFields.count(member, of: nil, known: EventLine.memberNames)
    }
    for member in unknown { unknownFields.count(member, of: event.topic, known: M.jsonFieldNames) }
  }

  private func refuse(
    _ members: [JSONString], of line: UnsafeRawBufferPointer, known: @autoclosure () -> [String]
  ) throws(LineFault) {
    guard let member = members.first else { return }
    let nearest = nearestName(to: member.excerpt, among: known())
    throw LineFault(
      "unknown field \"\(member.excerpt)\"" + (nearest.map { " (the nearest known one is \"\($0)\")" } ?? ""),
      at: JSONReader(line).offset(of: member), of: line)
  }

  private func write(_ event: EventLine, _ number: Int) throws(LogError) {
    guard let writer else { return }
    try key.span.withUnsafeBytes { key throws(LogError) in
      try value.span.withUnsafeBytes { value throws(LogError) in
        try writer.append(event.topic, key: key, value: value, timestamp: event.timestamp, tag: number)
      }
    }
  }
}
