import Contract
import EventLog

/// Reads all partitions of its topics.
final class SQLiteReader: LogReader {
  private let fetcher: Fetcher
  private let interval: Int64
  private let catalog: TopicCatalog
  private let loadBounds: Statement
  private let partitions: [TopicPartition]
  private var ends: Positions
  private var isCaughtUp = false

  init(_ log: SQLiteLog, _ topics: [Topic], from start: ReadStart) throws(LogError) {
    let connection = try FileFormat.open(log.path, log.options)
    catalog = try TopicCatalog(connection, log.generation)
    loadBounds = try PartitionBounds.statement(connection)
    partitions = try catalog.partitions(of: topics)
    var bounds = PartitionBounds(catalog)
    try bounds.load(loadBounds)
    fetcher = try Fetcher(connection, catalog, signal: log.file.signal, options: log.options)
    interval = log.options.watchInterval
    var ends: Positions = [:]
    for partition in partitions {
      let range = try bounds.range(partition)
      try fetcher.read(partition, from: start == .beginning ? range.lowerBound : range.upperBound)
      ends[partition] = range.upperBound
    }
    self.ends = ends
  }

  func awaitEnd() throws(LogError) {
    var bounds = PartitionBounds(catalog)
    try bounds.load(loadBounds)
    for partition in partitions { ends[partition] = try bounds.range(partition).upperBound }
    isCaughtUp = fetcher.hasReached(ends)
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
