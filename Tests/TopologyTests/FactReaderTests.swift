import Contract
import EventLog
import Foundation
import Indicators
import SQLiteLog
import Testing
import Topology

@Suite("Reading the facts of a partner") struct FactReaderTests {
  private let catalog: Catalog
  private let log: SQLiteLog
  private let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
    "partner-pulse-facts-\(UUID().uuidString)")

  init() throws {
    catalog = try Catalog(
      reportingCurrency: "USD", excludedPartnerCountries: [],
      products: [Catalog.Product(id: "crm", name: "CRM", workloads: [])])
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    log = try SQLiteLog(path: directory.appendingPathComponent("log.db").path)
    try log.createTopics(partitions: 2)
  }

  private func append(_ event: some InputMessage, key: String, _ topic: Topic) throws {
    let writer = try log.writer()
    try Array(key.utf8).withUnsafeBytes { keyBytes in
      try event.protobuf.withUnsafeBytes { value in
        try writer.append(
          topic, partition: partition(ofKey: key, count: 2), key: keyBytes, value: value, timestamp: nil)
      }
    }
    try writer.flush()
  }

  /// A billing line that stands in the log before the subscription that makes it the partner's.
  private func fill() throws {
    var line = BillingLine<String>()
    (line.customerID, line.subscriptionID, line.lineID) = ("acme", "s", "l")
    (line.licenseProgram, line.amountMicros, line.currency) = (.webDirect, 7, "USD")
    line.billedAt = Timestamp(seconds: 1_794_000_000)
    try append(line, key: "acme", .billingLines)
    var step = Subscription<String>()
    (step.customerID, step.subscriptionID, step.product) = ("acme", "s", "crm")
    (step.licenseProgram, step.kind, step.status) = (.webDirect, .paid, .active)
    (step.dporPartnerID, step.effectiveAt) = ("contoso", Timestamp(seconds: 1_780_000_000))
    try append(step, key: "acme", .subscriptions)
  }

  @Test("finds those that came before it was known whose they are")
  func order() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    try fill()
    let book = try #require(try FactReader(log: log, catalog: catalog).book(of: "contoso"))
    let month = Month(year: 2026, month: 11)
    #expect(book.clock.currentMonth == month)
    let query = ExplanationQuery(month: month, indicator: .netNewRevenue)
    #expect(book.explain(query)?.total[.billedMicros] == 7)
    let other = try #require(try FactReader(log: log, catalog: catalog).book(of: "fabrikam"))
    #expect(other.explain(query)?.facts == [])
    #expect(other.clock == book.clock)
  }

  @Test("knows what the log has lost")
  func missingHistory() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    try fill()
    let reader = FactReader(log: log, catalog: catalog)
    #expect(try reader.missingHistory().isEmpty)
    let lost = TopicPartition(.billingLines, partition(ofKey: "acme", count: 2))
    try log.deleteRecords(before: [lost: 1])
    let missing = try reader.missingHistory()
    #expect(missing.map(\.partition) == [lost])
    #expect(missing.map(\.beginning) == [1])
  }

  @Test("stops when told")
  func cancelled() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    try fill()
    let reader = FactReader(log: log, catalog: catalog)
    var polls = 0
    let book = try reader.book(of: "contoso") {
      polls += 1
      return polls > 1
    }
    #expect(book == nil)
  }
}
