import Contract
import Indicators
import ReferenceModel
import Testing

@Suite("Differences between explanations")
struct DifferenceTests {
  private let may = Month(year: 2024, month: 5)
  private let june = Month(year: 2024, month: 6)

  private func difference(
    _ indicator: IndicatorKind, of partner: String = "contoso",
    from comparison: ExplanationQuery.Comparison? = nil, _ build: (inout MarketEvents) -> Void
  ) throws -> ExplanationDifference {
    var events = MarketEvents()
    build(&events)
    let catalog = try Catalog(json: Market.catalog)
    var explainer = Explainer(catalog: catalog, log: events.log)
    let comparison = comparison ?? .month(may)
    let (book, former) = (explainer.book(of: partner), explainer.book(of: partner, at: comparison.moment))
    let query = ExplanationQuery(month: june, indicator: indicator)
    return try #require(book.difference(query, from: comparison, former: former))
  }

  @Test("Between months: what came in, and what left the twelve months")
  func months() throws {
    let difference = try difference(.netNewRevenue) {
      $0.partner("contoso")
      $0.subscription(from: "2020-01-01")
      $0.line("old", amount: 7, at: "2023-06-10")
      $0.line("kept", amount: 5, at: "2024-02-10")
      $0.line("new", amount: 9, at: "2024-06-10")
    }
    #expect(difference.changes.map(\.fact.name) == ["new", "old"])
    #expect(difference.changes.map(\.cause) == [.cameIn, .leftWindow])
    #expect(difference.changes.map(\.reasonBefore) == [.notYet, nil])
    #expect(difference.changes.map(\.reasonAfter) == [nil, .tooOld])
    #expect(difference.total[.billedMicros] == 2_000_000)
    #expect(difference.causes.map { $0.difference[.billedMicros] } == [9_000_000, -7_000_000])
  }

  @Test("A user counts once, whatever it did: another action in another month is no change")
  func users() throws {
    let difference = try difference(.monthlyActiveUsers) {
      $0.partner("contoso")
      $0.subscription(from: "2020-01-01")
      $0.usage(by: "both", at: "2023-06-10")
      $0.usage(by: "both", at: "2024-06-10")
      $0.usage(by: "gone", at: "2023-06-10")
    }
    let ofTwelve = difference.changes.filter {
      $0.difference.contains { $0.component == .activeUsers12Months }
    }
    #expect(ofTwelve.map(\.fact.name) == ["gone"])
    #expect(ofTwelve.map(\.cause) == [.leftWindow])
    #expect(difference.total[.activeUsers12Months] == -1)
  }

  @Test("What another partner took over changed its owner")
  func owners() throws {
    let difference = try difference(.netPaidSeatsAdded, of: "fabrikam") {
      $0.partner("fabrikam")
      $0.subscription(seats: 3, from: "2024-01-01")
      $0.subscription(partner: "fabrikam", seats: 5, from: "2024-06-01")
    }
    #expect(difference.total[.seatsAdded] == 2)
    #expect(difference.changes.count == 1)
    let instances = try self.difference(.mauPerAssignedSeat, of: "fabrikam") {
      $0.partner("fabrikam")
      $0.subscription(seats: 3, from: "2024-01-01")
      $0.assignment(from: "2024-02-01")
      $0.subscription(partner: "fabrikam", seats: 3, from: "2024-06-01")
    }
    #expect(instances.changes.map(\.cause) == [.changedOwner])
    #expect(instances.changes.map(\.reasonBefore) == [.otherPartner])
    #expect(instances.limitedToOwn.changes.map(\.reasonBefore) == [nil])
    #expect(instances.total[.assignedSeats] == 1)
  }

  @Test("Without the names of users, changes are told by customer and cause, and add up to the same")
  func withoutUsers() throws {
    let difference = try difference(.monthlyActiveUsers) {
      $0.partner("contoso")
      $0.subscription(from: "2020-01-01")
      for user in ["a", "b", "c"] { $0.usage(by: user, at: "2024-06-10") }
    }
    let unnamed = difference.withoutUsers
    #expect(unnamed.changes.map(\.fact.users) == [3])
    #expect(unnamed.changes.map(\.fact.name) == [""])
    #expect(unnamed.total == difference.total)
    #expect(unnamed.causes.map(\.changes) == difference.causes.map(\.changes))
  }

  // MARK: Between moments

  private let moment: Int64 = 1_720_000_000_000

  @Test("Since a moment: what arrived, what was corrected, and what belongs to somebody else now")
  func moments() throws {
    let difference = try difference(.netNewRevenue, from: .moment(moment)) { events in
      events.partner("contoso")
      events.subscription(from: "2020-01-01")
      events.subscription("t", from: "2020-01-01")
      events.line("lower", amount: 5, at: "2024-06-10", revision: 1)
      events.line("same", amount: 1, at: "2024-06-10")
      events.line("theirs", subscription: "t", amount: 3, at: "2024-06-10")
      let (before, known) = (events.log, moment)
      events = MarketEvents()
      for entry in before { events.record(entry.event, timestamp: known) }
      var later = MarketEvents()
      later.line("late", amount: 9, at: "2024-05-10")
      later.line("lower", amount: 2, at: "2024-06-10", revision: 2)
      later.line("same", amount: 1, at: "2024-06-10")
      later.subscription("t", partner: "fabrikam", from: "2024-06-01")
      for entry in later.log { events.record(entry.event, timestamp: known + 86_400_000) }
    }
    #expect(difference.changes.map(\.fact.name) == ["late", "lower", "theirs"])
    #expect(difference.changes.map(\.cause) == [.arrived, .corrected, .changedOwner])
    #expect(difference.changes.map(\.isLate) == [true, true, true])
    let arrived = Timestamp(milliseconds: moment + 86_400_000)
    #expect(difference.changes.map(\.arrivedAt) == [arrived, arrived, arrived])
    #expect(difference.total[.billedMicros] == 3_000_000)
  }

  @Test("An event that comes twice arrives once: nothing differs since")
  func duplicates() throws {
    let difference = try difference(.netNewRevenue, from: .moment(moment)) { events in
      events.partner("contoso")
      events.subscription(from: "2020-01-01")
      events.line("l", amount: 5, at: "2024-06-10")
      let log = events.log
      events = MarketEvents()
      for entry in log { events.record(entry.event, timestamp: moment) }
      for entry in log { events.record(entry.event, timestamp: moment + 1) }
    }
    #expect(difference.changes.isEmpty)
  }
}
