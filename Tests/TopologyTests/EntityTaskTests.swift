import Contract
import EventLog
import Indicators
import Testing
import Topology

@Suite struct EntityTaskTests {
  private let context: EntityTask.Context

  init() throws {
    context = EntityTask.Context(
      catalog: try Catalog(reportingCurrency: "EUR", excludedPartnerCountries: [], products: []),
      inputPartitions: 1, partialPartitions: 1, rejectedPartitions: 1)
  }

  private func apply(partner id: String, from seconds: Int64, to task: EntityTask) throws {
    var event = Partner<String>()
    event.partnerID = id
    event.accounts = [.csp]
    event.effectiveAt = Timestamp(seconds: seconds)
    try Array(id.utf8).withUnsafeBytes { key in
      try event.protobuf.withUnsafeBytes { value in
        let record = Record(
          topic: .partners, partition: 0, offset: 0, timestamp: nil, key: key, value: value)
        try withUnsafePointer(to: record) {
          try task.apply(UnsafeBufferPointer(start: $0, count: 1))
        }
      }
    }
  }

  /// The last enrolment that each partner is told with.
  private func drain(_ task: EntityTask, into told: inout [String: [MonthRange]]) throws {
    var outputs = OutputBatch()
    try task.drain(into: &outputs)
    outputs.forEach { record in
      guard let value = record.value, let partial = try? PartnerPartial(protobuf: value),
        partial.partnerID != ""
      else {
        return
      }
      told[partial.partnerID] = partial.eligible
    }
  }

  @Test func aStepThatChangesNothingIsToldInOneWayHoweverCommitsFall() throws {
    let (together, apart) = (EntityTask(partition: 0, context), EntityTask(partition: 0, context))
    var (fromOneCommit, fromTwo): ([String: [MonthRange]], [String: [MonthRange]]) = ([:], [:])
    try apply(partner: "p", from: 957_139_200, to: together)
    try apply(partner: "p", from: 1_085_123_973, to: together)
    try drain(together, into: &fromOneCommit)
    try apply(partner: "p", from: 957_139_200, to: apart)
    try drain(apart, into: &fromTwo)
    try apply(partner: "p", from: 1_085_123_973, to: apart)
    try drain(apart, into: &fromTwo)
    #expect(fromOneCommit == ["p": [MonthRange(from: 4, until: nil)]])
    #expect(fromTwo == fromOneCommit)
  }

  @Test func aStateWithABaseMonthAndNoEventsIsRefused() throws {
    // The section, one entry, the newest event's time (whether there is one, seconds and nanoseconds), the base month.
    var header = try #require(EntityTask(partition: 0, context).chunks().all().last)
    _ = try EntityTask(partition: 0, context, chunks: [header])
    header.replaceSubrange(18..<22, with: [0, 0, 0, 0])
    #expect(throws: DamagedState.self) { try EntityTask(partition: 0, context, chunks: [header]) }
  }
}
