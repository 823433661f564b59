import Contract
import EventLog
import Platform
import Synchronization

/// A log in one SQLite file, for one machine. Several processes may read and write it; one at a time runs a group.
package final class SQLiteLog: EventLog {
  /// What a commit survives.
  package enum Durability: Sendable {
    /// A power failure: each commit waits for the disk. What is stored outside of the file, such as a checkpoint, can therefore
    /// never be ahead of the file.
    case powerLoss
    /// A crash of the process. After a power failure the newest commits may be missing, each as a whole. For data that can be
    /// thrown away.
    case processEnd
  }

  /// What the process may do with the log.
  package enum Access: Sendable {
    /// Only read, which needs no write permission for the file or its directory, and leaves nothing there.
    case reading
    case writing
  }

  package struct Options: Sendable {
    package var durability = Durability.powerLoss
    /// How long to wait for another process's transaction, in milliseconds.
    package var busyTimeout: Int32 = 10_000
    /// The maximum number of records of one poll.
    package var fetchRecords = 10_000
    /// The maximum bytes of keys and values of one poll, unless one record is larger.
    package var fetchBytes = 4 << 20
    /// The maximum size of the file in bytes, beyond which writes fail with `SQLITE_FULL`; nil for no limit.
    package var maxBytes: Int64?
    /// How often to check for changes by other processes, in milliseconds.
    package var watchInterval: Int64 = 5

    package init() {}
  }

  package let path: String
  package let generation: Generation
  let options: Options
  private let access: Access
  let file = SharedFile()
  let groups: Groups
  /// For queries outside of members; it also keeps the WAL in place while no member has the file open.
  private let connection: Mutex<Connection>

  /// The log's identity when it was opened; nil unless it is only read.
  private let readIdentity: String?

  /// Opens the log at `path`. For writing, creates the file if there is none; a log without topics gets all of them, each with
  /// `partitions` partitions, if that is given. Throws an `unusable` error if the file is not a log, is of a newer version, or
  /// cannot be opened for `access`.
  package init(
    path: String, generation: Generation = .first, access: Access = .writing, partitions: Int32? = nil,
    options: Options = Options()
  ) throws(LogError) {
    self.path = path
    self.generation = generation
    self.access = access
    self.options = options
    let opened = try FileFormat.open(
      path, access, options,
      topics: partitions.map { FileFormat.FirstTopics(partitions: $0, generation: generation) })
    readIdentity = access == .reading ? try Self.identity(opened) : nil
    groups = Groups(path: opened.fullPath, signal: file.signal)
    connection = Mutex(opened)
  }

  deinit {
    // Moves everything into the file, even while a reading process keeps the WAL in place.
    if access == .writing { connection.withLock { try? $0.execute("PRAGMA wal_checkpoint(PASSIVE)") } }
  }

  /// Throws an `unusable` error if the log was opened for reading.
  func requireWriting() throws(LogError) {
    guard access == .writing else {
      throw LogError(.unusable, code: "READ_ONLY", "\(path) was opened read-only")
    }
  }

  /// A new connection. Throws an `unusable` error if another log has replaced one that is only read.
  func reopen() throws(LogError) -> Connection {
    let opened = try FileFormat.open(path, access, options)
    if let readIdentity, try Self.identity(opened) != readIdentity {
      throw LogError(.unusable, code: "FILE_REPLACED", "\(path) was replaced by another log")
    }
    return opened
  }

  /// When to stop retrying after transient errors, for a read that starts now.
  var readDeadline: Int64 { Clock.monotonic + Int64(options.busyTimeout) }

  /// Runs `body` with the connection that all threads share. Runs it again if the file changed while it was read without locks.
  func withConnection<T: Sendable>(
    _ body: (Connection, TopicCatalog) throws(LogError) -> T
  ) throws(LogError) -> T {
    try connection.withLock { (connection: inout sending Connection) throws(LogError) -> T in
      let deadline = readDeadline
      while true {
        do throws(LogError) {
          let result = try body(connection, TopicCatalog(connection, generation))
          if !connection.isOutdated { return result }
        } catch {
          guard connection.mayTryAgain(after: error, until: deadline) else { throw error }
        }
        if connection.isOutdated { connection = try reopen() }
      }
    }
  }

  /// False, since all processes are on one machine and share its disk.
  package var keepsCheckpoints: Bool { false }

  /// Keys arrive in no particular order, so in the worst case each record writes a page of its own to the WAL.
  package var transactionRoom: OutputRoom { OutputRoom(bytes: 4 << 20, records: 12_000) }

  /// A random text, chosen when the file was created.
  package func identity() throws(LogError) -> String {
    try withConnection { (connection, _) throws(LogError) in try Self.identity(connection) }
  }

  private static func identity(_ connection: Connection) throws(LogError) -> String {
    let row = try Statement(connection, "SELECT identity FROM log")
    return try row.step() ? row.text(0) : ""
  }

  package func join(
    _ group: GroupSpec, as identity: MemberIdentity
  ) throws(LogError) -> any GroupMember {
    try SQLiteMember(self, group, identity)
  }

  package func committed(
    _ partitions: [TopicPartition], of group: String
  ) throws(LogError) -> Positions {
    try withConnection { (connection, catalog) throws(LogError) in
      try PositionStore(connection, catalog).load(partitions, of: group).positions
    }
  }

  package func notes(
    _ partitions: [TopicPartition], of group: String
  ) throws(LogError) -> [TopicPartition: String] {
    try withConnection { (connection, catalog) throws(LogError) in
      try PositionStore(connection, catalog).load(partitions, of: group).notes
    }
  }

  package func ends(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try bounds(of: partitions) { $0.upperBound }
  }

  /// Everything, since the file only contains committed transactions.
  package func visibleEnds(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try ends(partitions)
  }

  package func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try bounds(of: partitions) { $0.lowerBound }
  }

  private func bounds(
    of partitions: [TopicPartition], _ bound: (Range<Int64>) -> Int64
  ) throws(LogError) -> Positions {
    try withConnection { (connection, catalog) throws(LogError) in
      var bounds = PartitionBounds(catalog)
      try bounds.load(PartitionBounds.statement(connection))
      var positions: Positions = [:]
      for partition in partitions { positions[partition] = bound(try bounds.range(partition)) }
      return positions
    }
  }

  package func reader(_ topics: [Topic], from start: ReadStart) throws(LogError) -> any LogReader {
    try SQLiteReader(self, topics, from: start)
  }

  package func reader(from positions: Positions) throws(LogError) -> any PartitionReader {
    try SQLitePartitionReader(self, from: positions)
  }

  package func writer(refused: RefusalHandler?) throws(LogError) -> any LogWriter {
    try SQLiteWriter(self, refused)
  }
}
