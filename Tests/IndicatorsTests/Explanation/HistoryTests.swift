import Contract
import Indicators
import ReferenceModel
import Testing

@Suite("The history of a number")
struct HistoryTests {
  private typealias Arrival = (hours: Int64, build: (inout MarketEvents) -> Void)

  private let june = Month(year: 2024, month: 6)
  /// The first instant of 2024-06-03.
  private static let third: Int64 = 1_717_372_800_000

  /// What arrives in the course of June, each after so many hours from the third on.
  private func history(
    _ indicator: IndicatorKind = .netNewRevenue, _ page: NumberHistory.Page = NumberHistory.Page(by: .day),
    of partner: String = "contoso", arrivals: [Arrival]
  ) throws -> NumberHistory {
    var log: [LoggedEvent] = []
    for (hours, build) in arrivals {
      var events = MarketEvents()
      build(&events)
      log += events.log.map { LoggedEvent($0.event, timestamp: Self.third + hours * 3_600_000) }
    }
    let events = CircleEvents(of: partner, in: log, try Catalog(json: Market.catalog))
    return try #require(events.history(ExplanationQuery(month: june, indicator: indicator), page))
  }

  private var arrivals: [Arrival] {
    [
      (-9000, { $0.partner() }),
      (-48, { $0.subscription(from: "2024-01-01") }),
      (-47, { $0.line("early", amount: 5, at: "2024-05-10") }),
      (1, { $0.now("2024-06-03") }),
      (2, { $0.line("a", amount: 3, at: "2024-06-03", revision: 1) }),
      (30, { $0.line("a", amount: 4, at: "2024-06-03", revision: 2) }),
      (31, { $0.line("late", amount: 1, at: "2024-04-03") }),
      // Says nothing new.
      (50, { $0.line("late", amount: 1, at: "2024-04-03") }),
      (75, { $0.subscription(partner: "fabrikam", from: "2024-06-01") }),
    ]
  }

  private func values(_ history: NumberHistory) -> [Double?] {
    history.steps.map { $0.after.value(of: .netNewRevenue) }
  }

  @Test("By day: from its first publication on, each day on which it changed, with the facts that did it")
  func days() throws {
    let history = try history(arrivals: arrivals)
    #expect(
      history.steps.map { $0.start.rfc3339 } == [
        "2024-06-06T00:00:00Z", "2024-06-04T00:00:00Z", "2024-06-03T00:00:00Z",
      ])
    #expect(values(history) == [6, 10, 8])
    #expect(history.newest.value(of: .netNewRevenue) == 6)
    #expect(history.steps.map { $0.changes.map(\.fact.name) } == [["a"], ["a", "late"], ["early", "a"]])
    #expect(
      history.steps.map { $0.changes.map(\.cause) } == [
        [.changedOwner], [.corrected, .arrived], [.cameIn, .arrived],
      ])
    let first = try #require(history.steps.last)
    #expect(first.before.standing == .otherMonth)
    #expect(first.before.value(of: .netNewRevenue) == nil)
    #expect(history.earlier == nil)
  }

  @Test("Each arrival by itself")
  func eachArrival() throws {
    let history = try history(.netNewRevenue, NumberHistory.Page(by: .arrival), arrivals: arrivals)
    #expect(values(history) == [6, 10, 9, 8, 5])
    #expect(history.steps.first?.start.rfc3339 == "2024-06-06T03:00:00Z")
    #expect(history.steps.map(\.changes.count) == [1, 1, 1, 1, 1])
  }

  @Test("Page by page, and as it was known before a moment")
  func pages() throws {
    let page = NumberHistory.Page(by: .arrival, before: Self.third + 31 * 3_600_000, limit: 2)
    let history = try history(.netNewRevenue, page, arrivals: arrivals)
    #expect(values(history) == [9, 8])
    #expect(history.newest.value(of: .netNewRevenue) == 9)
    #expect(history.earlier?.milliseconds == Self.third + 2 * 3_600_000)
    let rest = NumberHistory.Page(by: .arrival, before: history.earlier?.milliseconds, limit: 2)
    let last = try self.history(.netNewRevenue, rest, arrivals: arrivals)
    #expect(values(last) == [5])
    #expect(last.earlier == nil)
  }

  @Test("An account that was lost, and won again: all facts go and come")
  func accounts() throws {
    let more: [Arrival] = [
      (100, { $0.partner(accounts: [], from: "2024-06-01") }),
      (200, { $0.partner(from: "2024-06-02") }),
    ]
    let history = try history(
      .netNewRevenue, NumberHistory.Page(by: .hour), arrivals: arrivals.dropLast() + more)
    #expect(values(history) == [10, nil, 10, 9, 8, 5])
    #expect(history.steps[1].after.standing == .noAccount)
    #expect(history.steps[1].changes.map(\.cause) == [.ended, .ended, .ended])
    #expect(history.steps[0].changes.count == 3)
  }

  @Test("A month that is no longer published ends with that")
  func end() throws {
    let more: [Arrival] = [
      (20_000, { $0.now("2026-06-03") }), (30_000, { $0.line("far too late", amount: 1, at: "2024-06-03") }),
    ]
    let history = try history(arrivals: arrivals + more)
    #expect(history.newest.standing == .otherMonth)
    #expect(history.steps.first?.after.standing == .otherMonth)
    #expect(history.steps.first?.before.value(of: .netNewRevenue) == 6)
    #expect(history.steps.count == 4)
  }

  @Test("A partner is not told whose a fact was or is, and users go by customer")
  func privacy() throws {
    let own = try history(arrivals: arrivals).limitedToOwn
    #expect(own.steps[0].changes.map(\.reasonAfter) == [nil])
    #expect(own.steps[0].changes.map(\.cause) == [.changedOwner])
    let active: [Arrival] = [
      (10, { events in for user in ["a", "b"] { events.usage(by: user, at: "2024-06-03") } })
    ]
    let users = try history(.monthlyActiveUsers, arrivals: arrivals.prefix(4) + active)
    #expect(users.steps[0].changes.map(\.fact.name).sorted() == ["a", "b"])
    let unnamed = users.withoutUsers
    #expect(unnamed.steps[0].changes.map(\.fact.name) == [""])
    #expect(unnamed.steps[0].changes.map(\.fact.users) == [2])
    #expect(unnamed.steps[0].changes.causes.map(\.changes) == [2])
  }

  @Test("What another partner does with the customer is no step")
  func others() throws {
    let more: [Arrival] = [
      (300, { $0.line("theirs", amount: 9, at: "2024-06-20") })
    ]
    let history = try history(
      .netNewRevenue, NumberHistory.Page(by: .arrival, limit: 1), arrivals: arrivals + more)
    #expect(history.steps.map(\.start.rfc3339) == ["2024-06-06T03:00:00Z"])
    #expect(history.earlier?.rfc3339 == "2024-06-06T03:00:00Z")
  }

  @Test("A cell that the catalog does not have has none, and so has what takes too long")
  func none() throws {
    let events = CircleEvents(of: "contoso", in: [], try Catalog(json: Market.catalog))
    let query = ExplanationQuery(cell: Cell(product: "bikes"), month: june)
    #expect(events.history(query, NumberHistory.Page()) == nil)
    #expect(events.history(ExplanationQuery(month: june), NumberHistory.Page())?.steps.isEmpty == true)
  }

  @Test(
    "Times at the ends of what a timestamp can say do no harm",
    arguments: [Int64.min, .min + 1, -1, .max - 1, .max])
  func extremes(time: Int64) throws {
    var events = MarketEvents()
    events.partner()
    events.subscription(from: "2024-01-01")
    events.line("a", amount: 3, at: "2024-06-03")
    let log = events.log.map { LoggedEvent($0.event, timestamp: time) }
    let circle = CircleEvents(of: "contoso", in: log, try Catalog(json: Market.catalog))
    for unit in NumberHistory.Page.Unit.allCases {
      for limit in [1, Int.max] {
        let page = NumberHistory.Page(by: unit, limit: limit)
        #expect(circle.history(ExplanationQuery(month: june), page) != nil)
      }
    }
  }
}
