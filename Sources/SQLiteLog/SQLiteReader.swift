import Contract
import EventLog

/// Reads all partitions of its topics.
final class SQLiteReader: LogReader {
  private let fetcher: Fetcher
  private let interval: Int64
  private let ends: Positions
  private var isCaughtUp = false

  init(_ log: SQLiteLog, _ topics: [Topic], from start: ReadStart) throws(LogError) {
    let connection = try FileFormat.open(log.path, log.options)
    let catalog = try TopicCatalog(connection)
    var bounds = PartitionBounds(catalog)
    try bounds.load(PartitionBounds.statement(connection))
    fetcher = try Fetcher(connection, catalog, signal: log.file.signal, options: log.options)
    interval = log.options.watchInterval
    var ends: Positions = [:]
    for partition in try catalog.partitions(of: topics) {
      let range = try bounds.range(partition)
      try fetcher.read(partition, from: start == .beginning ? range.lowerBound : range.upperBound)
      ends[partition] = range.upperBound
    }
    self.ends = ends
  }

  func poll(
    timeout: Int32, _ body: (UnsafeBufferPointer<Record>) -> Void
  ) throws(LogError) -> Bool {
    let deadline = Clock.monotonic + Int64(max(timeout, 0))
    while try fetcher.wait(until: deadline, interval: interval) {
      try fetcher.fetch()
      let records = fetcher.batch.records
      if !records.isEmpty { records.withUnsafeBufferPointer(body) }
      // Tells at once that the end is reached, without waiting for a record that may never come.
      let wasCaughtUp = isCaughtUp
      isCaughtUp = isCaughtUp || fetcher.hasReached(ends)
      if !records.isEmpty || isCaughtUp != wasCaughtUp { break }
    }
    return isCaughtUp
  }
}
