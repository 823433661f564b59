import Contract
import EventLog
import Indicators
import SQLiteLog
import Topology

/// Finds the facts behind partners' numbers in a fact store. O(log events of the store + facts of the partner).
package struct StoredFacts: FactSource {
  private let path: String
  private let source: FactStore.Source
  private let catalog: Catalog

  /// The store at `path` must have been made.
  package init(path: String, of source: FactStore.Source, catalog: Catalog) {
    (self.path, self.source, self.catalog) = (path, source, catalog)
  }

  package func books(
    of partnerID: String, at moments: [Int64?], isCancelled: () -> Bool
  ) throws(LogError) -> [FactBook]? {
    let store = try FactStore(path: path, of: source)
    return try store.connection.read { () throws(LogError) in
      try store.books(of: partnerID, at: moments, catalog, isCancelled: isCancelled)
    }
  }

  package func events(of partnerID: String, isCancelled: () -> Bool) throws(LogError) -> CircleEvents? {
    let store = try FactStore(path: path, of: source)
    return try store.connection.read { () throws(LogError) in
      try store.events(of: partnerID, catalog, isCancelled)
    }
  }
}

extension FactStore {
  fileprivate func books(
    of partnerID: String, at moments: [Int64?], _ catalog: Catalog, isCancelled: () -> Bool
  ) throws(LogError) -> [FactBook]? {
    let (circle, owners) = try circle(of: partnerID)
    var books: [FactBook] = []
    for moment in moments {
      books.append(FactBook(catalog: catalog, circle: circle, at: moment, newest: try newest(at: moment)))
    }
    let isWhole = try forEachRecord(of: owners, isCancelled) { record in
      for index in books.indices { books[index].apply(record) }
    }
    return isWhole ? books : nil
  }

  fileprivate func events(
    of partnerID: String, _ catalog: Catalog, _ isCancelled: () -> Bool
  ) throws(LogError) -> CircleEvents? {
    let (circle, owners) = try circle(of: partnerID)
    var events = CircleEvents(catalog: catalog, circle: circle)
    let months = try Statement(connection, "SELECT month, arrived FROM months")
    while try months.step() {
      events.begin(Month(index: Int32(truncatingIfNeeded: months.int64(0))), at: months.int64(1))
    }
    return try forEachRecord(of: owners, isCancelled) { events.apply($0) } ? events : nil
  }

  /// Whose facts explain a partner's numbers: its circle, and the columns of its members and itself.
  private func circle(of partnerID: String) throws(LogError) -> (circle: PartnerCircle, owners: [Int64]) {
    let partner = Identity(partnerID)
    let (customers, persons) = (
      try members(of: partner, persons: false), try members(of: partner, persons: true)
    )
    let circle = PartnerCircle(
      partnerID: partnerID, partitions: source.partitions, customers: customers, persons: persons)
    // A customer and a person of the same id are one owner here.
    return (circle, Set(([partner] + customers + persons).map(\.column)).sorted())
  }

  /// Gives the records of each owner, as they are in the log. Returns false if `isCancelled` returns true meanwhile.
  private func forEachRecord(
    of owners: [Int64], _ isCancelled: () -> Bool, _ body: (UnsafeBufferPointer<Record>) -> Void
  ) throws(LogError) -> Bool {
    let statements = [
      // Runs in the order in which they were ended, and what came after all of them.
      """
      SELECT topic, partition, "offset", timestamp, key, value FROM runs CROSS JOIN events USING (run)
      WHERE owner = ? ORDER BY run, place
      """,
      """
      SELECT topic, partition, "offset", timestamp, key, value FROM recent WHERE owner = ? ORDER BY place
      """,
    ]
    let selects = try statements.map { sql throws(LogError) in try Statement(connection, sql) }
    for owner in owners {
      if isCancelled() { return false }
      for select in selects {
        try select.bind(1, owner)
        while try select.step() { select.withRecord(body) }
        select.reset()
      }
    }
    return true
  }

  private func members(of partner: Identity, persons: Bool) throws(LogError) -> [Identity] {
    let statement = try Statement(
      connection, "SELECT low, high FROM members WHERE partner = ? AND is_person = ? ORDER BY low, high")
    try statement.bind(1, partner.column)
    try statement.bind(2, persons ? 1 : 0)
    var members: [Identity] = []
    while try statement.step() {
      members.append(
        Identity(low: UInt64(bitPattern: statement.int64(0)), high: UInt64(bitPattern: statement.int64(1))))
    }
    return members
  }

  /// The newest event time of all events that had come by then: exact in its month, and but for events of the same minute.
  private func newest(at moment: Int64?) throws(LogError) -> Timestamp? {
    let statement = try Statement(
      connection, "SELECT max(newest) FROM clock WHERE minute < ? HAVING max(newest) IS NOT NULL")
    try statement.bind(1, moment.map { $0 / 60_000 } ?? .max)
    let newest = try statement.step() ? Instant(nanoseconds: statement.int64(0)) : nil
    guard let moment else { return newest?.timestamp }
    let months = try Statement(
      connection, "SELECT max(month) FROM months WHERE arrived <= ? HAVING max(month) IS NOT NULL")
    try months.bind(1, moment)
    let first = try months.step() ? Timestamp(seconds: Month(index: Int32(months.int64(0))).firstSecond) : nil
    return [newest?.timestamp, first].compactMap { $0 }.max()
  }
}

extension Statement {
  fileprivate func withRecord(_ body: (UnsafeBufferPointer<Record>) -> Void) {
    guard let topic = Topic(rawValue: UInt8(truncatingIfNeeded: int64(0))) else { return }
    let record = Record(
      topic: topic, partition: Int32(int64(1)), offset: int64(2), timestamp: isNull(3) ? nil : int64(3),
      key: bytes(4),
      value: bytes(5))
    withUnsafePointer(to: record) { body(UnsafeBufferPointer(start: $0, count: 1)) }
  }
}
