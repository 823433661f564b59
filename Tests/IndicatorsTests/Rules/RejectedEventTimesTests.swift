import Contract
import Indicators
import ReferenceModel
import Testing

@Suite("Events that are rejected: by their time")
struct RejectedEventTimesTests {
  private func refusals(_ build: (inout MarketEvents) -> Void) throws -> [Refusal?] {
    try Market(build).refusals
  }

  @Test("An event time before 2000 (SEM-60)")
  func before2000() throws {
    let refusals = try refusals {
      $0.usage(at: "1999-12-31T23:59:59.999999999Z")
      $0.usage(at: "0001-01-01T00:00:00Z")
      $0.usage(at: "2000-01-01T00:00:00Z")
    }
    #expect(refusals == [.before2000, .before2000, nil])
  }

  @Test("An event time more than 24 hours after the record's own timestamp (SEM-60)")
  func inTheFuture() throws {
    var events = MarketEvents()
    events.usage(at: "2024-01-10T12:00:00Z")
    events.usage(at: "2024-01-10T12:00:00.000000001Z")
    let (exactly, later) = (events.log[0].event, events.log[1].event)
    let day: Int64 = 24 * 3_600_000
    let noon: Int64 = 1_704_888_000_000
    let refusals = try refusals {
      $0.record(exactly, timestamp: noon - day)
      $0.record(exactly, timestamp: noon - day - 1)
      $0.record(later, timestamp: noon - day)
      $0.record(later, timestamp: noon - day + 1)
      $0.record(later, timestamp: .max)
      $0.record(later, timestamp: -1)
      $0.record(later)
    }
    #expect(refusals == [nil, .inTheFuture, .inTheFuture, nil, nil, .inTheFuture, nil])
  }
}
