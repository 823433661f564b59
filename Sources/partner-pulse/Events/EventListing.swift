import Contract
import Generator

/// Writes events as lines of NDJSON, in the form that `import` reads.
struct EventListing {
  private(set) var output: OutputBuffer

  /// `output` is flushed when it is full, and by `flush`.
  init(_ output: OutputBuffer) { self.output = output }

  mutating func append(_ event: GeneratedEvent) throws {
    var json = JSONWriter()
    json.beginObject()
    json.key("topic")
    json.string(event.topic.name)
    json.key("timestamp")
    json.string(Timestamp(milliseconds: event.timestamp).rfc3339 ?? "")
    json.key("value")
    try Self.write(event, to: &json)
    json.endObject()
    json.bytes.append(UInt8(ascii: "\n"))
    try output.append(json.bytes)
  }

  mutating func flush() throws { try output.flush() }

  private static func write(_ event: GeneratedEvent, to json: inout JSONWriter) throws(DecodingError) {
    switch event.topic {
    case .usageActions: try UsageActionView(protobuf: event.value).write(to: &json)
    case .licenseAssignments: try LicenseAssignmentView(protobuf: event.value).write(to: &json)
    case .subscriptions: try SubscriptionView(protobuf: event.value).write(to: &json)
    case .billingLines: try BillingLineView(protobuf: event.value).write(to: &json)
    case .instances: try InstanceView(protobuf: event.value).write(to: &json)
    case .customers: try CustomerView(protobuf: event.value).write(to: &json)
    case .examPasses: try ExamPassView(protobuf: event.value).write(to: &json)
    case .affiliations: try AffiliationView(protobuf: event.value).write(to: &json)
    case .partners: try PartnerView(protobuf: event.value).write(to: &json)
    case .partnerPartials, .indicatorSnapshots, .indicatorScales, .rejectedEvents, .generations,
      .taskCheckpoints:
      json.null()
    }
  }
}
