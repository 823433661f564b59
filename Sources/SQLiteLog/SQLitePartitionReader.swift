import Contract
import EventLog
import Platform

/// Reads partitions from given positions, over connections of its own.
final class SQLitePartitionReader: PartitionReader {
  /// A connection with its prepared statements.
  private struct Source {
    let connection: Connection
    let catalog: TopicCatalog
    let fetcher: Fetcher
    private let loadBounds: Statement

    init(_ log: SQLiteLog) throws(LogError) {
      let connection = try log.reopen()
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

  init(_ log: SQLiteLog) throws(LogError) {
    self.log = log
    source = try Self.open(log)
  }

  convenience init(_ log: SQLiteLog, from positions: Positions) throws(LogError) {
    try self.init(log)
    for (partition, position) in positions { try read(partition, from: position) }
  }

  func partitions(of topics: [Topic]) throws(LogError) -> [TopicPartition] {
    try source.catalog.partitions(of: topics)
  }

  func bounds() throws(LogError) -> PartitionBounds {
    try reading { (source) throws(LogError) in try source.bounds() }
  }

  /// Reads `partition` from `position` from now on.
  func read(_ partition: TopicPartition, from position: Int64) throws(LogError) {
    try source.fetcher.read(partition, from: position)
  }

  var positions: Positions { source.fetcher.positions }

  /// Whether everything before `ends` has been read.
  func hasReached(_ ends: Positions) -> Bool { source.fetcher.hasReached(ends) }

  func poll(timeout: Int32, _ body: (UnsafeBufferPointer<Record>) -> Void) throws(LogError) {
    try poll(timeout: timeout, until: { true }, body)
  }

  /// Polls, but keeps waiting while there are no records and `isEnough` returns false.
  func poll(
    timeout: Int32, until isEnough: () -> Bool, _ body: (UnsafeBufferPointer<Record>) -> Void
  ) throws(LogError) {
    let deadline = Clock.monotonic + Int64(max(timeout, 0))
    while try source.fetcher.wait(until: deadline, interval: log.options.watchInterval) {
      try reading { (source) throws(LogError) in try source.fetcher.fetch() }
      let records = source.fetcher.batch.records
      if !records.isEmpty { records.withUnsafeBufferPointer(body) }
      if !records.isEmpty || isEnough() { break }
    }
  }

  /// Runs `body`, which reads one snapshot of the file. If the file changed while it was read without locks, opens it again and
  /// repeats `body`.
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
        guard error.isTransientForReaders, Clock.monotonic < deadline else { throw error }
        Clock.sleep(milliseconds: 2)
      }
    }
  }
}
