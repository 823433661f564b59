import Contract

/// The accepted events of a partner's circle with their arrival times, by customer, person and partner; the history of a number is
/// built from them. Memory: O(bytes of the events).
package struct CircleEvents: Sendable {
  /// The owner of events: its facts depend on no other events, so these are replayed together.
  enum Owner: Hashable, Sendable {
    case customer(Identity)
    case person(Identity)
    case partner
  }

  struct Entry: Sendable {
    var topic: Topic
    var partition: Int32
    var offset: Int64
    /// When it arrived, in milliseconds since 1970; nil if unknown, which counts as before all times.
    var timestamp: Int64?
    /// The month of the event's time.
    var month: Month
    fileprivate var start: Int
    fileprivate var keyCount: Int?
    fileprivate var valueCount: Int
  }

  package let catalog: Catalog
  package let circle: PartnerCircle
  private(set) var owners: [Owner: [Entry]] = [:]
  private var bytes: [UInt8] = []
  /// When the first event of each month arrived, in milliseconds since 1970.
  private var months: [Month: Int64] = [:]
  /// Of usage actions with the same effect, the index of the one that is kept.
  private var actions: [Action: Int] = [:]

  private struct Action: Hashable {
    var customer: Identity
    var order: Int64
  }

  /// Before all times.
  private static let always = Int64.min

  package init(catalog: Catalog, circle: PartnerCircle) {
    (self.catalog, self.circle) = (catalog, circle)
  }

  /// Adds records of input topics, in any order. Of events outside of the circle only the month is noted.
  package mutating func apply(_ run: UnsafeBufferPointer<Record>) {
    let indexer = EventIndexer(catalog: catalog, partitions: circle.partitions)
    for record in run {
      guard let entry = indexer.entry(of: record), let time = entry.time else { continue }
      begin(Month(containing: time), at: record.timestamp)
      if let owner = owner(entry.owner, record.topic) { append(record, entry, of: owner, at: time) }
    }
  }

  /// Notes that an event of a month has arrived.
  package mutating func begin(_ month: Month, at arrival: Int64?) {
    months[month] = min(months[month] ?? .max, arrival ?? Self.always)
  }

  private func owner(_ identity: Identity, _ topic: Topic) -> Owner? {
    switch topic {
    case .examPasses, .affiliations: circle.holds(person: identity) ? .person(identity) : nil
    case .partners: identity == Identity(circle.partnerID) ? .partner : nil
    default: circle.holds(customer: identity) ? .customer(identity) : nil
    }
  }

  private mutating func append(
    _ record: Record, _ indexed: EventIndexer.Entry, of owner: Owner, at time: Timestamp
  ) {
    guard let value = record.value else { return }
    if record.topic == .usageActions {
      // Of actions with the same effect, the one that arrived first is kept.
      let action = Action(customer: indexed.owner, order: indexed.order)
      if let known = actions[action] {
        let first = owners[owner]?[known].timestamp ?? Self.always
        if (record.timestamp ?? Self.always) < first { owners[owner]?[known].timestamp = record.timestamp }
        return
      }
      actions[action] = owners[owner]?.count ?? 0
    }
    let start = bytes.count
    if let key = record.key { bytes.append(contentsOf: key) }
    bytes.append(contentsOf: value)
    owners[owner, default: []].append(
      Entry(
        topic: record.topic, partition: record.partition, offset: record.offset, timestamp: record.timestamp,
        month: Month(containing: time), start: start, keyCount: record.key?.count, valueCount: value.count))
  }

  /// The newest month of which an event had arrived before `end`.
  func currentMonth(before end: Int64) -> Month {
    months.lazy.filter { $0.value < end }.map(\.key).max() ?? .distantPast
  }

  /// The month of the newest event; nil if there are none.
  package var newestMonth: Month? { months.keys.max() }

  /// When the first event of any of `months` arrived; nil if none did.
  func beginning(of months: PartialRangeFrom<Month>) -> Int64? {
    self.months.lazy.filter { months.contains($0.key) }.map(\.value).min()
  }

  /// Applies the records of entries to a book, in this order.
  func apply(_ entries: some Sequence<Entry>, to book: inout FactBook) {
    bytes.withUnsafeBytes { bytes in
      let records = entries.map { entry in
        let value = entry.start + (entry.keyCount ?? 0)
        return Record(
          topic: entry.topic, partition: entry.partition, offset: entry.offset, timestamp: entry.timestamp,
          key: entry.keyCount.map { _ in UnsafeRawBufferPointer(rebasing: bytes[entry.start..<value]) },
          value: UnsafeRawBufferPointer(rebasing: bytes[value..<value + entry.valueCount]))
      }
      records.withUnsafeBufferPointer { book.apply($0) }
    }
  }

  /// An empty book for the events of one owner.
  func emptyBook(of owner: Owner) -> FactBook {
    let (customers, persons): ([Identity], [Identity]) =
      switch owner {
      case .customer(let identity): ([identity], [])
      case .person(let identity): ([], [identity])
      case .partner: ([], [])
      }
    return FactBook(
      catalog: catalog,
      circle: PartnerCircle(
        partnerID: circle.partnerID, partitions: circle.partitions, customers: customers, persons: persons))
  }
}
