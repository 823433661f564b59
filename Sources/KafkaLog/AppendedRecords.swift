/// What a delivery report does not tell of a record (it has the brokers' time in place of the record's own), by a number that it
/// does tell. Memory for as many as are in flight at once.
struct AppendedRecords {
  struct Entry {
    var tag: Int
    /// Milliseconds since 1970 UTC; 0 for the time of writing.
    var timestamp: Int64
  }

  private var entries: [Entry] = []
  /// Numbers that may be given again.
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
