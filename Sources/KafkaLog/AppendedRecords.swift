/// What a delivery report does not say about a record (its timestamp field has the brokers' time), keyed by a number that
/// it does carry. Takes memory for as many records as are in flight at once.
struct AppendedRecords {
  struct Entry {
    var tag: Int
    /// Milliseconds since 1970 UTC; 0 for the time of writing.
    var timestamp: Int64
  }

  private var entries: [Entry] = []
  /// Numbers that are free for reuse.
  private var free: [Int] = []

  mutating func add(_ entry: Entry) -> Int {
    guard let number = free.popLast() else {
      entries.append(entry)
      return entries.count - 1
    }
    entries[number] = entry
    return number
  }

  mutating func remove(_ number: Int) -> Entry {
    free.append(number)
    return entries[number]
  }
}
