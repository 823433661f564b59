import Contract
import EventLog
import FactStore
import Foundation
import Indicators
import Randomness
import ReferenceModel
import SQLiteLog
import Testing
import Topology

@Suite("Fact store")
final class FactStoreTests {
  private static let partitions: Int32 = 2
  private let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
    "partner-pulse-fact-store-\(UUID().uuidString)")
  private let catalog: Catalog

  init() throws {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    catalog = try Catalog(json: testCatalog)
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  private func makeLog(_ name: String = "log") throws -> SQLiteLog {
    let log = try SQLiteLog(path: directory.appendingPathComponent("\(name).db").path)
    try log.createTopics(partitions: Self.partitions)
    return log
  }

  private func append(_ events: some Sequence<LoggedEvent>, to log: SQLiteLog) throws {
    let writer = try log.writer()
    for entry in events {
      let key = Array(entry.event.key.utf8)
      try key.withUnsafeBytes { key in
        try (entry.payload ?? []).withUnsafeBytes { value in
          try writer.append(
            entry.event.topic, partition: partition(ofKey: key, count: Self.partitions), key: key,
            value: entry.payload == nil ? nil : value, timestamp: entry.timestamp)
        }
      }
    }
    try writer.flush()
  }

  private func source(of log: SQLiteLog) throws -> FactStore.Source {
    FactStore.Source(
      log: try log.identity(), partitions: Self.partitions, currency: catalog.reportingCurrency)
  }

  private func store(_ name: String, of log: SQLiteLog, runLength: Int64 = 300_000) throws -> FactStore {
    try FactStore(path: path(name), of: try source(of: log), runLength: runLength)
  }

  private func path(_ name: String) -> String { directory.appendingPathComponent("\(name).facts").path }

  /// Fills it with all that is in the log; returns what was reported.
  @discardableResult
  private func fill(_ store: FactStore, from log: SQLiteLog) throws -> [String] {
    var reports: [String] = []
    let follower = try FactFollower(log, into: store, catalog: catalog) { reports.append($0) }
    #expect(try follower.catchUp { false })
    return reports
  }

  private func facts(_ name: String, of log: SQLiteLog) throws -> StoredFacts {
    StoredFacts(path: path(name), of: try source(of: log), catalog: catalog)
  }

  /// Throws unless the store explains all of a partner as the log does, now and as known at a moment.
  private func compare(
    _ stored: StoredFacts, with log: SQLiteLog, _ partner: String, at moment: Int64, _ name: String
  ) throws {
    let reader = FactReader(log: log, catalog: catalog)
    let expected = try #require(try reader.books(of: partner, at: [nil, moment]) { false })
    let books = try #require(try stored.books(of: partner, at: [nil, moment]) { false })
    try #require(books[0].clock == expected[0].clock, "\(name)")
    try #require(books[1].clock.currentMonth == expected[1].clock.currentMonth, "\(name)")
    let (told, known) = (
      try #require(try stored.events(of: partner) { false }),
      try #require(try reader.events(of: partner) { false })
    )
    let current = expected[0].clock.currentMonth
    for month in [current, current - 2] {
      for unit in [.arrival, .day] as [NumberHistory.Page.Unit] {
        let query = ExplanationQuery(month: month)
        let mine = try #require(told.history(query, NumberHistory.Page(by: unit)))
        let its = try #require(known.history(query, NumberHistory.Page(by: unit)))
        try #require(mine.newest == its.newest, "\(name): \(partner) in \(month)")
        try #require(mine.steps.map(\.start) == its.steps.map(\.start), "\(name): \(partner) in \(month)")
        try #require(mine.steps.map(\.after) == its.steps.map(\.after), "\(name): \(partner) in \(month)")
        let facts = { (history: NumberHistory) in history.steps.flatMap { $0.changes.map(\.fact) } }
        try #require(facts(mine) == facts(its), "\(name): \(partner) in \(month)")
      }
    }
    for month in [current, current - 1, current - 7] {
      let query = ExplanationQuery(month: month)
      for (book, expected) in zip(books, expected) {
        let (mine, its) = (try #require(book.explain(query)), try #require(expected.explain(query)))
        try #require(mine.facts == its.facts, "\(name): \(partner) in \(month)")
        try #require(mine.standing == its.standing, "\(name): \(partner) in \(month)")
      }
      let comparison = ExplanationQuery.Comparison.moment(moment)
      let mine = try #require(books[0].difference(query, from: comparison, former: books[1]))
      let its = try #require(expected[0].difference(query, from: comparison, former: expected[1]))
      try #require(mine.changes.map(\.fact) == its.changes.map(\.fact), "\(name): \(partner) in \(month)")
      try #require(mine.changes.map(\.cause) == its.changes.map(\.cause), "\(name): \(partner) in \(month)")
      try #require(mine.changes.map(\.arrivedAt) == its.changes.map(\.arrivedAt), "\(name): \(partner)")
    }
  }

  @Test("It explains as the log does, however it was filled", arguments: 1...40)
  func randomSets(seed: Int) throws {
    var events = RandomEvents(seed: UInt64(seed))
    var random = SplitMix64(seed: UInt64(seed) &+ 77)
    let log = try makeLog()
    let set = events.set().map { entry in
      var entry = entry
      // None that a log would refuse.
      let arrival = 1_790_000_000_000 + Int64.random(in: 0..<10_000_000, using: &random)
      entry.timestamp = min(entry.timestamp ?? arrival, arrival)
      return entry
    }
    var rest = set[...]
    while !rest.isEmpty {
      let part = rest.prefix(Int.random(in: 1...max(1, set.count / 3), using: &random))
      rest = rest.dropFirst(part.count)
      try append(part, to: log)
      try fill(try store("a", of: log, runLength: Int64.random(in: 1...40, using: &random)), from: log)
    }
    let partners = Set(set.compactMap { Self.partner(of: $0.event).map { ModelText($0) } })
    let moment = set.randomElement(using: &random)?.timestamp ?? 0
    for partner in partners where !partner.text.isEmpty {
      try compare(try facts("a", of: log), with: log, partner.text, at: moment, "seed \(seed)")
    }
  }

  private static func partner(of event: InputEvent) -> String? {
    switch event {
    case .subscription(let step): step.dporPartnerID
    case .affiliation(let step): step.partnerID
    case .partner(let step): step.partnerID
    default: nil
    }
  }

  private func line(_ id: String, amount: Int64) -> LoggedEvent {
    var line = BillingLine<String>()
    (line.customerID, line.subscriptionID, line.lineID) = ("acme", "s", id)
    (line.licenseProgram, line.amountMicros, line.currency) = (.webDirect, amount, catalog.reportingCurrency)
    line.billedAt = Timestamp(seconds: 1_794_000_000)
    return LoggedEvent(.billingLine(line))
  }

  private var subscription: LoggedEvent {
    var step = Subscription<String>()
    (step.customerID, step.subscriptionID, step.product) = ("acme", "s", catalog.products[0].id)
    (step.licenseProgram, step.kind, step.status) = (.webDirect, .paid, .active)
    (step.dporPartnerID, step.effectiveAt) = ("contoso", Timestamp(seconds: 1_780_000_000))
    return LoggedEvent(.subscription(step))
  }

  private func billed(_ facts: StoredFacts) throws -> Int64? {
    let book = try facts.book(of: "contoso")
    return book?.explain(ExplanationQuery(month: Month(year: 2026, month: 11)))?.total[.billedMicros]
  }

  @Test("Two that fill the same store do not add anything twice")
  func two() throws {
    let log = try makeLog()
    let (first, second) = (try store("a", of: log), try store("a", of: log))
    let followers = try [first, second].map { store in
      try FactFollower(log, into: store, catalog: catalog) { _ in }
    }
    try append([line("l", amount: 7), subscription], to: log)
    for follower in followers { #expect(try follower.catchUp { false }) }
    try append([line("m", amount: 5)], to: log)
    for follower in followers.reversed() { #expect(try follower.catchUp { false }) }
    #expect(try billed(try facts("a", of: log)) == 12)
  }

  @Test("A store of another log is filled again, and so is one that is ahead of its log")
  func otherLogs() throws {
    let (log, other) = (try makeLog(), try makeLog("other"))
    try append([line("l", amount: 7), subscription], to: log)
    try append([line("l", amount: 3), subscription], to: other)
    try fill(try store("a", of: log), from: log)
    #expect(try billed(try facts("a", of: log)) == 7)
    try fill(try store("a", of: other), from: other)
    #expect(try billed(try facts("a", of: other)) == 3)
    try fill(try store("a", of: log), from: log)
    let lost = TopicPartition(.billingLines, partition(ofKey: "acme", count: Self.partitions))
    try append([line("m", amount: 5), line("n", amount: 1)], to: log)
    try log.deleteRecords(before: [lost: 2])
    #expect(try fill(try store("a", of: log), from: log).count == 1)
    #expect(try billed(try facts("a", of: log)) == 1)
  }

  @Test("Another kind of file is refused, and stays as it is")
  func otherFile() throws {
    let log = try makeLog()
    let file = directory.appendingPathComponent("log.db").path
    #expect(throws: LogError.self) { try FactStore(path: file, of: try source(of: log)) }
    try append([subscription], to: log)
  }
}
