import Contract
import EventLog
import Indicators
import SQLiteLog
import Topology

/// Reads the inputs of a log into a fact store, from where the store left off.
///
/// Whoever has made it hands it to one thread, which alone uses it from then on.
package final class FactFollower: @unchecked Sendable {
  /// How much of the log is added at a time: many events while the store is behind, what came in a second otherwise.
  private static let (mostEvents, longestWait) = (100_000, Duration.seconds(1))

  private let log: any EventLog
  private let store: FactStore
  private let partitions: [TopicPartition]
  private let indexer: EventIndexer
  private var reader: any PartitionReader
  /// What the store is at, and what it will be at with the batch.
  private var stored: Positions
  private var batch = FactBatch()
  private var addedAt = ContinuousClock.now

  /// Throws an `unusable` error if a topic is missing. A store that is ahead of the log, or whose next events the log no longer
  /// has, is of other records: it is filled anew, and `report` says so.
  package init(
    _ log: any EventLog, into store: FactStore, catalog: Catalog, report: (String) -> Void
  ) throws(LogError) {
    let counts = try PartitionCounts(of: log, Topic.inputs)
    self.log = log
    self.store = store
    partitions = counts.partitions(of: Topic.inputs)
    indexer = EventIndexer(catalog: catalog, partitions: counts[Topic.inputs[0]])
    var stored = try store.positions()
    let (beginnings, ends) = (try log.beginnings(partitions), try log.ends(partitions))
    let other = partitions.first { partition in
      guard let position = stored[partition] else { return false }
      return position > ends[partition] ?? 0 || position < beginnings[partition] ?? 0
    }
    if let other {
      report("the fact store does not fit to \(other), which was truncated or recreated: it is filled again")
      try store.connection.write { () throws(LogError) in try store.makeAnew() }
      stored = [:]
    }
    self.stored = stored
    reader = try Self.reader(of: log, partitions, from: stored, beginnings)
  }

  private static func reader(
    of log: any EventLog, _ partitions: [TopicPartition], from stored: Positions, _ beginnings: Positions
  ) throws(LogError) -> any PartitionReader {
    var start: Positions = [:]
    for partition in partitions { start[partition] = stored[partition] ?? beginnings[partition] ?? 0 }
    return try log.reader(from: start)
  }

  /// Adds all that is in the log now. Returns false if `isStopped` said so before.
  package func catchUp(until isStopped: () -> Bool) throws(LogError) -> Bool {
    let ends = try log.visibleEnds(partitions)
    while !isStopped() {
      try poll()
      if partitions.allSatisfy({ reader.positions[$0] ?? 0 >= ends[$0] ?? 0 }) {
        try add()
        return true
      }
    }
    return false
  }

  /// Adds what comes until `isStopped`. Blocks.
  package func follow(until isStopped: () -> Bool) throws(LogError) {
    while !isStopped() { try poll() }
    try add()
  }

  private func poll() throws(LogError) {
    try reader.poll(timeout: 100) { records in
      for record in records { batch.append(record, indexer) }
    }
    if batch.count >= Self.mostEvents || ContinuousClock.now - addedAt > Self.longestWait { try add() }
  }

  private func add() throws(LogError) {
    addedAt = .now
    let end = reader.positions
    guard end != stored else { return }
    if try store.add(&batch, from: stored, to: end) {
      stored = end
    } else {
      // Another process fills the same store.
      stored = try store.positions()
      reader = try Self.reader(of: log, partitions, from: stored, try log.beginnings(partitions))
    }
  }
}
