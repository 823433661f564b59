import Contract
import EventLog

/// Reads all partitions of its topics.
final class SQLiteReader: LogReader {
  /// A connection and what is prepared on it.
  private struct Source {
    let connection: Connection
    let catalog: TopicCatalog
    let fetcher: Fetcher
    private let loadBounds: Statement

    init(_ log: SQLiteLog) throws(LogError) {
      let connection = try log.openAnew()
      self.connection = connection
      (catalog, loadBounds, fetcher) = try connection.read { () throws(LogError) in
        let catalog = try TopicCatalog(connection, log.generation)
        return (
          catalog, try PartitionBounds.statement(connection),
          try Fetcher(connection, catalog, signal: log.file.signal, options: log.options)
        )
      }
    }

    func bounds() throws(LogError) -> PartitionBounds {
      try connection.read { () throws(LogError) in
        var bounds = PartitionBounds(catalog)
        try bounds.load(loadBounds)
        return bounds
      }
    }
  }

  private let log: SQLiteLog
  private var source: Source
  private var partitions: [TopicPartition] = []
  private var ends: Positions = [:]
  private var isCaughtUp = false

  init(_ log: SQLiteLog, _ topics: [Topic], from start: ReadStart) throws(LogError) {
    self.log = log
    source = try Self.open(log)
    partitions = try source.catalog.partitions(of: topics)
    let bounds = try reading { (source) throws(LogError) in try source.bounds() }
    for partition in partitions {
      let range = try bounds.range(partition)
      try source.fetcher.read(partition, from: start == .beginning ? range.lowerBound : range.upperBound)
      ends[partition] = range.upperBound
    }
  }

  func awaitEnd() throws(LogError) {
    let bounds = try reading { (source) throws(LogError) in try source.bounds() }
    for partition in partitions { ends[partition] = try bounds.range(partition).upperBound }
    isCaughtUp = source.fetcher.hasReached(ends)
  }

  func poll(
    timeout: Int32, _ body: (UnsafeBufferPointer<Record>) -> Void
  ) throws(LogError) -> Bool {
    let deadline = Clock.monotonic + Int64(max(timeout, 0))
    while try source.fetcher.wait(until: deadline, interval: log.options.watchInterval) {
      try reading { (source) throws(LogError) in try source.fetcher.fetch() }
      let records = source.fetcher.batch.records
      if !records.isEmpty { records.withUnsafeBufferPointer(body) }
      // Tells at once that the end is reached, without waiting for a record that may never come.
      let wasCaughtUp = isCaughtUp
      isCaughtUp = isCaughtUp || source.fetcher.hasReached(ends)
      if !records.isEmpty || isCaughtUp != wasCaughtUp { break }
    }
    return isCaughtUp
  }

  /// Runs `body`, which reads one snapshot of the file; once more if it was none, because the file has changed while it was
  /// read without locks. Then it is opened anew.
  private func reading<T>(_ body: (Source) throws(LogError) -> T) throws(LogError) -> T {
    let deadline = log.readDeadline
    while true {
      do throws(LogError) {
        return try body(source)
      } catch {
        guard source.connection.mayTryAgain(after: error, until: deadline) else { throw error }
      }
      if source.connection.isOutdated { try reopen() }
    }
  }

  private func reopen() throws(LogError) {
    let positions = source.fetcher.positions
    source = try Self.open(log)
    for (partition, position) in positions { try source.fetcher.read(partition, from: position) }
  }

  private static func open(_ log: SQLiteLog) throws(LogError) -> Source {
    let deadline = log.readDeadline
    while true {
      do throws(LogError) {
        return try Source(log)
      } catch {
        guard error.isPassingWhileRead, Clock.monotonic < deadline else { throw error }
        Clock.sleep(milliseconds: 2)
      }
    }
  }
}
