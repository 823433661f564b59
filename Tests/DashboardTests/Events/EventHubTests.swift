import Contract
import Dashboard
import Glibc
import HTTPServer
import SnapshotView
import Synchronization
import Testing

@Suite struct EventHubTests {
  private let board: PublicationBoard
  private let hub: EventHub

  init() {
    board = TestSite().board
    hub = EventHub(board: board)
  }

  private func publish(_ publications: [Publication], now: Int64 = Int64(time(nil))) {
    board.take(publications)
    hub.take(publications)
    hub.refresh(now: now)
  }

  /// What the stream has now; nil for nothing.
  private func next(_ stream: ResponseStream) -> String? {
    if case .bytes(let bytes) = stream.next() { String(decoding: bytes, as: UTF8.self) } else { nil }
  }

  private func id(of event: String) -> String? {
    event.split(separator: "\n").first { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
  }

  @Test func beginsWithTheStateAndFollowsIt() throws {
    let stream = hub.subscribe(ReportQuery(partnerID: "partner-2"), RangeRule(), after: nil, until: nil)
    #expect(try #require(next(stream)).contains("\"value\":2.0"))
    #expect(next(stream) == nil)
    publish([.snapshot(TestSite.snapshot(2, of: 8, value: 70))])
    publish([.snapshot(TestSite.snapshot(2, of: 8, value: 71))])
    let event = try #require(next(stream))
    // The one before has been overtaken.
    #expect(event.contains("\"value\":71.0") && !event.contains("\"value\":70.0"))
    #expect(next(stream) == nil)
  }

  @Test func saysNothingOfWhatIsTheSame() throws {
    let stream = hub.subscribe(ReportQuery(partnerID: "partner-2"), RangeRule(), after: nil, until: nil)
    _ = next(stream)
    publish([.snapshot(TestSite.snapshot(2, of: 8)), .scale(TestSite.scale(of: 8))])
    publish([.snapshot(TestSite.snapshot(3, of: 8, value: 1000))])
    #expect(next(stream) == nil)
  }

  @Test func resumesAfterTheLastEvent() throws {
    let query = ReportQuery(partnerID: "partner-2")
    let first = try #require(next(hub.subscribe(query, RangeRule(), after: nil, until: nil)))
    let known = try #require(id(of: first))
    #expect(next(hub.subscribe(query, RangeRule(), after: known, until: nil))?.contains("data:") == false)
    publish([.snapshot(TestSite.snapshot(2, of: 8, value: 5))])
    #expect(
      next(hub.subscribe(query, RangeRule(), after: known, until: nil))?.contains("\"value\":5.0") == true)
    #expect(
      next(hub.subscribe(query, RangeRule(), after: "unknown", until: nil))?.contains("\"value\":5.0") == true
    )
    // Another server with the same result gives the same id.
    let other = EventHub(board: board)
    let current = try #require(next(hub.subscribe(query, RangeRule(), after: nil, until: nil)))
    let now = try #require(id(of: current))
    #expect(next(other.subscribe(query, RangeRule(), after: now, until: nil))?.contains("data:") == false)
  }

  @Test func followsTheNewestMonth() throws {
    let stream = hub.subscribe(ReportQuery(partnerID: "partner-2"), RangeRule(), after: nil, until: nil)
    let fixed = hub.subscribe(
      ReportQuery(partnerID: "partner-2", month: "2026-11"), RangeRule(), after: nil, until: nil)
    _ = (next(stream), next(fixed))
    var scale = TestSite.scale(of: 8)
    scale.month = "2026-12"
    publish([.scale(scale)])
    #expect(next(stream)?.contains("\"month\":\"2026-12\"") == true)
    // The month that is followed is over.
    #expect(next(fixed)?.contains("\"in_progress\":false") == true)
    scale.month = "2026-13"
    publish([.scale(scale)])
    #expect(next(fixed) == nil)
  }

  @Test func oneStreamTellsOfSeveralReportsAndOfNothingInThem() throws {
    let queries = ["partner-2", "partner-3"].map { ReportQuery(partnerID: $0) }
    let stream = hub.watch(queries, RangeRule(), until: nil)
    let first = try #require(next(stream))
    #expect(first.contains("{\"of\":0,\"id\":\"") && first.contains("{\"of\":1,\"id\":\""))
    #expect(first.contains("event: time\n"))
    #expect(!first.contains("value") && !first.contains("partner-"))
    #expect(next(stream) == nil)
    publish([.snapshot(TestSite.snapshot(3, of: 8, value: 70))])
    let change = try #require(next(stream))
    #expect(change.contains("{\"of\":1,") && !change.contains("{\"of\":0,"))
    // The same as the other stream's, and as that of the page.
    let event = try #require(next(hub.subscribe(queries[1], RangeRule(), after: nil, until: nil)))
    #expect(change.contains(try #require(id(of: event))))
    publish([.snapshot(TestSite.snapshot(4, of: 8, value: 70))])
    #expect(next(stream) == nil)
  }

  @Test func theNewestEventIsToldInMinutes() throws {
    var snapshot = TestSite.snapshot(3, of: 8)
    snapshot.asOf = Timestamp(seconds: 1_795_539_759)
    publish([.snapshot(snapshot)])
    let first = try #require(next(hub.watch([ReportQuery(partnerID: "partner-2")], RangeRule(), until: nil)))
    #expect(first.contains("\"as_of\":\"2026-11-24T17:02:00Z\""))
  }

  @Test func aWatchEndsWhenTheRightToSeeEnds() {
    let stream = hub.watch([ReportQuery(partnerID: "partner-2")], RangeRule(), until: Int64(time(nil)) - 1)
    if case .end = stream.next() {} else { Issue.record("the stream goes on") }
  }

  @Test func aWatchThatIsOverIsNotKept() {
    weak var dropped: ResponseStream?
    do {
      let stream = hub.watch(
        [ReportQuery(partnerID: "a"), ReportQuery(partnerID: "b")], RangeRule(), until: nil)
      _ = next(stream)
      dropped = stream
    }
    #expect(dropped == nil)
  }

  @Test func aStreamThatIsNotSentIsNotKept() {
    weak var dropped: ResponseStream?
    do {
      let stream = hub.subscribe(ReportQuery(partnerID: "partner-2"), RangeRule(), after: nil, until: nil)
      _ = next(stream)
      dropped = stream
    }
    #expect(dropped == nil)
  }

  @Test func endsWhenTheRightToSeeEnds() {
    let now = Int64(time(nil))
    let stream = hub.subscribe(ReportQuery(partnerID: "partner-2"), RangeRule(), after: nil, until: now - 1)
    if case .end = stream.next() {} else { Issue.record("the stream goes on") }
  }

  @Test func endsWhenItIsRevoked() {
    let (isRevoked, isClosed) = (Flag(), Flag())
    let stream = hub.subscribe(
      ReportQuery(partnerID: "partner-2"), RangeRule(), after: nil, until: nil,
      isRevoked: { isRevoked.isSet }, closed: { isClosed.set() })
    #expect(next(stream) != nil)
    isRevoked.set()
    if case .end = stream.next() {} else { Issue.record("the stream goes on") }
    #expect(!isClosed.isSet)
    stream.close()
    #expect(isClosed.isSet)
  }
}

private final class Flag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .acquiring) }
  func set() { value.store(true, ordering: .releasing) }
}
