import Contract
import Indicators

/// Events to be added to a fact store, with their own copies of keys and values.
struct FactBatch {
  struct Entry {
    var owner: Int64
    var place: Int64
    var topic: Topic
    var partition: Int32
    var offset: Int64
    var timestamp: Int64?
    /// In `bytes`: the key, if there is one, and then the value.
    var start: Int
    var keyCount: Int?
    var valueCount: Int
  }

  struct Member: Hashable {
    var partner: Int64
    var isPerson: Bool
    var low: Int64
    var high: Int64
  }

  private(set) var entries: [Entry] = []
  private(set) var bytes: [UInt8] = []
  private(set) var members: Set<Member> = []
  /// The newest event time, in nanoseconds since 1970, by the minute in which its record came.
  private(set) var clock: [Int64: Int64] = [:]
  /// When the first event of a month came, in milliseconds since 1970.
  private(set) var months: [Int32: Int64] = [:]

  var count: Int { entries.count }

  /// Before all times.
  static let always = Int64.min

  mutating func append(_ record: Record, _ indexer: EventIndexer) {
    guard let entry = indexer.entry(of: record), let value = record.value else { return }
    let start = bytes.count
    if let key = record.key { bytes.append(contentsOf: key) }
    bytes.append(contentsOf: value)
    entries.append(
      Entry(
        owner: entry.owner.column, place: entry.order, topic: record.topic, partition: record.partition,
        offset: record.offset, timestamp: record.timestamp, start: start, keyCount: record.key?.count,
        valueCount: value.count))
    if let time = entry.time { advance(to: time, arrived: record.timestamp) }
    if let partner = entry.partner {
      members.insert(
        Member(
          partner: partner.column, isPerson: record.topic == .affiliations, low: entry.owner.column,
          high: Int64(bitPattern: entry.owner.high)))
    }
  }

  private mutating func advance(to time: Timestamp, arrived: Int64?) {
    let (minute, instant) = (arrived.map { $0 / 60_000 } ?? Self.always, Instant(time).nanoseconds)
    if instant > clock[minute] ?? .min { clock[minute] = instant }
    let month = Month(containing: time).index
    let arrival = arrived ?? Self.always
    if arrival < months[month] ?? .max { months[month] = arrival }
  }

  /// In the order of the table that they go to, so that neighbors are written together.
  mutating func sort() {
    entries.sort { $0.owner != $1.owner ? $0.owner < $1.owner : $0.place < $1.place }
  }

  mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    (members, clock, months) = ([], [:], [:])
  }
}
