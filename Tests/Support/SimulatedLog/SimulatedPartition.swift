import Contract

/// The records of one partition, with what a transactional log knows of them.
struct SimulatedPartition {
  struct Entry {
    var offset: Int64
    /// The number of its transaction; -1 for none.
    var transaction: Int
    var isMarker = false
    var timestamp: Int64?
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: [Header] = []
  }

  /// By offset.
  private(set) var entries: [Entry] = []
  /// The first offset that the log still has.
  private(set) var beginning: Int64 = 0
  /// The next offset.
  private(set) var end: Int64 = 0
  /// First offsets of transactions that are not decided, in the order in which they began here.
  private var open: [(transaction: Int, first: Int64)] = []

  /// Where a `read_committed` reader must stop.
  var stableEnd: Int64 { open.first?.first ?? end }

  mutating func append(_ entry: Entry) {
    var entry = entry
    entry.offset = end
    end += 1
    if entry.transaction >= 0, !entry.isMarker, !open.contains(where: { $0.transaction == entry.transaction })
    {
      open.append((entry.transaction, entry.offset))
    }
    entries.append(entry)
  }

  /// Writes the marker that decides a transaction.
  mutating func decide(_ transaction: Int) {
    open.removeAll { $0.transaction == transaction }
    append(Entry(offset: 0, transaction: transaction, isMarker: true))
  }

  /// The index of the first entry at or after `offset`. O(log n).
  func index(from offset: Int64) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].offset < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  mutating func deleteRecords(before offset: Int64) {
    beginning = max(beginning, min(offset, end))
    entries.removeFirst(index(from: beginning))
  }

  mutating func compact(_ isDropped: (Int, Entry) -> Bool) {
    var kept: [Entry] = []
    for (index, entry) in entries.enumerated() where !isDropped(index, entry) { kept.append(entry) }
    entries = kept
  }
}
