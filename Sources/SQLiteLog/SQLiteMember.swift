import Contract
import EventLog
import Platform

/// A member of a group, with a connection of its own.
final class SQLiteMember: GroupMember {
  private let spec: GroupSpec
  private let number: Int
  private let fence: Fence
  private let groups: Groups
  private let file: SharedFile
  private let interval: Int64
  private let connection: Connection
  private let catalog: TopicCatalog
  private let store: PositionStore
  private let compaction: Compaction
  private let appender: Appender
  private let fetcher: Fetcher
  private var tasks: Set<Int32> = []
  private var isClosed = false

  init(_ log: SQLiteLog, _ spec: GroupSpec, _ identity: MemberIdentity) throws(LogError) {
    try log.requireWriting()
    connection = try FileFormat.open(log.path, .writing, log.options)
    catalog = try TopicCatalog(connection, log.generation)
    store = try PositionStore(connection, catalog)
    compaction = try Compaction(connection, catalog, store)
    appender = try Appender(connection, catalog)
    fetcher = try Fetcher(connection, catalog, signal: log.file.signal, options: log.options)
    interval = log.options.watchInterval
    self.spec = spec
    groups = log.groups
    file = log.file
    let count = try Self.taskCount(spec, catalog)
    (number, fence) = try groups.join(spec, tasks: count, as: identity)
  }

  deinit { groups.leave(number, of: spec.name) }

  private static func taskCount(_ spec: GroupSpec, _ catalog: TopicCatalog) throws(LogError) -> Int32 {
    guard let leader = spec.topics.first else {
      throw LogError(.unusable, code: "NO_TOPICS", "group '\(spec.name)' has no input topic")
    }
    let count = try catalog.entry(leader).partitions
    for topic in spec.topics {
      let other = try catalog.entry(topic).partitions
      guard other == count else {
        throw LogError(
          .unusable, code: "PARTITIONS_DIFFER",
          "\(catalog.path): topic '\(topic.name)' has \(other) partitions, '\(leader.name)' has \(count)")
      }
    }
    return count
  }

  func poll(timeout: Int32, _ listener: any GroupListener) throws(LogError) {
    let deadline = Clock.monotonic + Int64(max(timeout, 0))
    while true {
      try checkOpen()
      let isRebalanced = try rebalance(listener)
      let mayWait = !isRebalanced && !compaction.isBehind
      if try fetcher.wait(until: mayWait ? deadline : 0, interval: interval) {
        try fetcher.fetch()
        if deliver(to: listener) || isRebalanced { return }
      } else {
        if isRebalanced || !compaction.isBehind { return }
        try file.write(connection) { () throws(LogError) in try compaction.step() }
        connection.boundWAL()
        if Clock.monotonic >= deadline { return }
      }
    }
  }

  private func deliver(to listener: any GroupListener) -> Bool {
    let records = fetcher.batch.records
    if !records.isEmpty { records.withUnsafeBufferPointer(listener.received) }
    for index in fetcher.finished.indices {
      if let (partition, end) = fetcher.stillFinished(index) { listener.reachedEnd(of: partition, at: end) }
    }
    return !records.isEmpty || !fetcher.finished.isEmpty
  }

  /// Releases tasks that others are to own, then takes free ones that this member is to own. Returns false if nothing changed.
  private func rebalance(_ listener: any GroupListener) throws(LogError) -> Bool {
    let revoked = groups.toRevoke(from: number, of: spec.name)
    if !revoked.isEmpty {
      listener.revoked(revoked)
      drop(revoked)
    }
    let assigned = groups.take(by: number, of: spec.name)
    if !assigned.isEmpty {
      tasks.formUnion(assigned)
      do throws(LogError) {
        try read(from: try listener.assigned(assigned))
      } catch {
        // The next poll assigns them again, to this or another member.
        drop(assigned)
        throw error
      }
    }
    return !revoked.isEmpty || !assigned.isEmpty
  }

  private func drop(_ dropped: [Int32]) {
    tasks.subtract(dropped)
    fetcher.remove { !tasks.contains($0.partition) }
    groups.release(dropped, by: number, of: spec.name)
  }

  var isInGroup: Bool { !isClosed && (try? fence.check()) != nil }

  func committed(_ partitions: [TopicPartition]) throws(LogError) -> CommittedPositions {
    try store.load(partitions, of: spec.name)
  }

  func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    var bounds = PartitionBounds(catalog)
    try bounds.load(PartitionBounds.statement(connection))
    var beginnings: Positions = [:]
    for partition in partitions { beginnings[partition] = try bounds.range(partition).lowerBound }
    return beginnings
  }

  func read(from positions: Positions) throws(LogError) {
    for partition in positions.keys { try checkOwned(partition) }
    // In a fixed order, so that batches are reproducible.
    let ordered = positions.sorted {
      ($0.key.topic.rawValue, $0.key.partition) < ($1.key.topic.rawValue, $1.key.partition)
    }
    for (partition, position) in ordered {
      try fetcher.read(partition, from: position)
    }
  }

  func commit(
    _ outputs: OutputBatch, positions: Positions, notes: [TopicPartition: String]
  ) -> CommitOutcome {
    do throws(LogError) {
      try checkOpen()
      try check(outputs, positions)
    } catch {
      return error.kind == .fatal ? .fatal(error) : .aborted(error)
    }
    if outputs.isEmpty, positions.isEmpty { return .committed }
    do throws(LogError) {
      try fence.pass { () throws(LogError) in
        try file.write(connection) { () throws(LogError) in
          try write(outputs, CommittedPositions(positions: positions, notes: notes))
        }
      }
      connection.boundWAL()
      return .committed
    } catch {
      return Self.outcome(error)
    }
  }

  private func write(_ outputs: OutputBatch, _ positions: CommittedPositions) throws(LogError) {
    let now = Clock.now
    appender.begin()
    func append(_ record: OutputRecord) throws(LogError) {
      try appender.append(
        record.topic, record.partition, timestamp: record.timestamp ?? now, key: record.key,
        value: record.value,
        headers: record.headers)
    }
    try outputs.forEach(append)
    try appender.finish()
    try store.store(positions, of: spec.name)
    for partition in positions.positions.keys where partition.topic.keepsOlderRecords {
      try compaction.step(in: partition)
    }
  }

  /// The outcome of a commit whose transaction failed and was rolled back.
  private static func outcome(_ error: LogError) -> CommitOutcome {
    switch error.kind {
    case .retriable, .abortable: .aborted(error)
    case .unusable: .fatal(error)
    // After a failed fsync, the commit may still be complete in the WAL, and a recovery would find it.
    case .fatal: error.code == "SQLITE_IOERR" ? .unknown(error) : .fatal(error)
    }
  }

  /// Throws for outputs to unknown topics or partitions, and for positions of tasks that this member does not own.
  private func check(_ outputs: OutputBatch, _ positions: Positions) throws(LogError) {
    func check(_ record: OutputRecord) throws(LogError) {
      try catalog.entry(record.topic, partition: record.partition)
    }
    try outputs.forEach(check)
    for (partition, offset) in positions {
      try catalog.entry(partition.topic, partition: partition.partition)
      if spec.topics.contains(partition.topic) { try checkOwned(partition) }
      guard offset >= 0 else {
        throw LogError(
          .unusable, code: "OFFSET_OUT_OF_RANGE", "\(catalog.path): \(partition) has no offset \(offset)")
      }
    }
  }

  private func checkOwned(_ partition: TopicPartition) throws(LogError) {
    guard spec.topics.contains(partition.topic), tasks.contains(partition.partition) else {
      throw LogError(
        .abortable, code: "NOT_ASSIGNED", "\(partition) is not assigned to this member of '\(spec.name)'")
    }
  }

  private func checkOpen() throws(LogError) {
    if isClosed { throw LogError(.fatal, code: "CLOSED", "this member of '\(spec.name)' has been closed") }
    try fence.check()
  }

  func close(_ listener: any GroupListener) {
    if isClosed { return }
    let last = tasks.sorted()
    if !last.isEmpty {
      let isFenced = (try? fence.check()) == nil
      if isFenced { listener.lost(last) } else { listener.revoked(last) }
      tasks = []
      fetcher.remove { _ in true }
    }
    isClosed = true
    groups.leave(number, of: spec.name)
  }
}
