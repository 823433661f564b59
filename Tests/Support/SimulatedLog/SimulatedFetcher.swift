import Contract
import EventLog
import Randomness

/// What a member reads, from where, and what it has fetched of it.
struct SimulatedFetcher {
  private struct Cursor {
    var partition: TopicPartition
    var position: Int64
    /// The end that was last told, -1 if none.
    var reportedEnd: Int64 = -1
  }

  private let cluster: SimulatedCluster
  private let generation: Generation
  private var cursors: [Cursor] = []

  init(_ cluster: SimulatedCluster, _ generation: Generation) {
    self.cluster = cluster
    self.generation = generation
  }

  mutating func read(_ partition: TopicPartition, from position: Int64) {
    guard let index = cursors.firstIndex(where: { $0.partition == partition }) else {
      cursors.append(Cursor(partition: partition, position: position))
      return
    }
    // The planted bug: goes on behind what was fetched ahead.
    let kept =
      cluster.defects.contains(.handsOutStaleFetch) ? max(position, cursors[index].position) : position
    cursors[index] = Cursor(partition: partition, position: kept)
  }

  mutating func removeAll(where isRemoved: (TopicPartition) -> Bool) {
    cursors.removeAll { isRemoved($0.partition) }
  }

  var positions: Positions { Positions(uniqueKeysWithValues: cursors.map { ($0.partition, $0.position) }) }

  /// Whether the partition is still read, and up to there.
  func stands(_ partition: TopicPartition, at end: Int64) -> Bool {
    cursors.contains { $0.partition == partition && $0.position == end }
  }

  /// Takes some records of some partitions, in any order of these, and at times some that were handed out before; and
  /// says which partitions are read to their ends.
  mutating func fetch(
    _ chance: inout SplitMix64
  ) throws(LogError) -> (SimulatedBatch, ends: [(TopicPartition, Int64)]) {
    var batch = SimulatedBatch()
    var ends: [(TopicPartition, Int64)] = []
    let isSlow = chance.percent(10)
    for index in cursors.indices.shuffled(using: &chance) {
      if chance.percent(isSlow ? 80 : 15) { continue }
      try fetch(index, limit: isSlow ? 1 : 1 + chance.below(40), &chance, into: &batch)
      let cursor = cursors[index]
      let end = end(of: cluster[cursor.partition, generation])
      if cursor.position == end, cursor.reportedEnd != end {
        cursors[index].reportedEnd = end
        ends.append((cursor.partition, end))
      }
    }
    return (batch, ends)
  }

  private var isolated: Bool { !cluster.defects.contains(.membersReadUncommitted) }

  private func end(of log: SimulatedPartition) -> Int64 { isolated ? log.stableEnd : log.end }

  private mutating func fetch(
    _ index: Int, limit: Int, _ chance: inout SplitMix64, into batch: inout SimulatedBatch
  ) throws(LogError) {
    let log = cluster[cursors[index].partition, generation]
    let position = cursors[index].position
    guard position >= log.beginning || cluster.defects.contains(.hidesMissingHistory) else {
      throw LogError(
        .unusable, code: "OFFSET_OUT_OF_RANGE",
        "\(cursors[index].partition) begins at \(log.beginning), \(position) is asked for")
    }
    guard position <= log.end else {
      throw LogError(
        .unusable, code: "OFFSET_OUT_OF_RANGE",
        "\(cursors[index].partition) ends at \(log.end), \(position) is asked for")
    }
    let end = end(of: log)
    guard position < end else { return }
    let again = chance.percent(10) ? Int64(chance.below(5)) : 0
    var taken = 0
    for entry in log.entries[log.index(from: position - again)...] {
      guard entry.offset < end else { break }
      guard cluster.isVisible(entry, isolated: isolated) else { continue }
      if taken == limit {
        cursors[index].position = max(position, entry.offset)
        return
      }
      batch.append(entry, cursors[index].partition)
      taken += 1
    }
    cursors[index].position = end
  }
}
