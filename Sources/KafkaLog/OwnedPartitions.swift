import Contract
import EventLog

/// The tasks that a member owns, and the next offset to hand out of each partition.
///
/// librdkafka's own position is never used (it moves with discarded batches and, in some versions, on errors): messages
/// below the tracked offset, of partitions that are not owned, and of partitions that are about to be repositioned are
/// dropped here, and repositioning is always to the tracked offset.
package struct OwnedPartitions {
  /// What librdkafka does with a partition at the moment.
  package enum Fetching: Equatable, Sendable {
    /// librdkafka does not read it yet.
    case unassigned
    /// librdkafka reads it, but not from the tracked offset.
    case misplaced
    case placed
  }

  struct Entry {
    let partition: TopicPartition
    var next: Int64
    var fetching: Fetching
  }

  package private(set) var tasks: Set<Int32> = []
  private(set) var entries: [Entry] = []
  private var indices: [TopicPartition: Int] = [:]

  package init() {}

  package mutating func add(tasks added: some Sequence<Int32>) {
    tasks.formUnion(added)
  }

  /// Removes the tasks and all their partitions; returns those that librdkafka reads.
  @discardableResult
  package mutating func remove(tasks removed: some Sequence<Int32>) -> [TopicPartition] {
    let gone = Set(removed)
    let dropped = entries.filter { gone.contains($0.partition.partition) && $0.fetching != .unassigned }
    tasks.subtract(gone)
    entries.removeAll { gone.contains($0.partition.partition) }
    indices = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.partition, $0) })
    return dropped.map(\.partition)
  }

  /// From now on the partition is to be read from `offset`. Returns false if it belongs to no owned task.
  package mutating func want(_ partition: TopicPartition, from offset: Int64) -> Bool {
    guard tasks.contains(partition.partition) else { return false }
    if let index = indices[partition] {
      entries[index].next = offset
      if entries[index].fetching == .placed { entries[index].fetching = .misplaced }
    } else {
      indices[partition] = entries.count
      entries.append(Entry(partition: partition, next: offset, fetching: .unassigned))
    }
    return true
  }

  /// Marks all partitions that librdkafka reads as misplaced, since it may have lost or skipped records of any of them.
  package mutating func distrustAll() {
    for index in entries.indices where entries[index].fetching == .placed {
      entries[index].fetching = .misplaced
    }
  }

  package mutating func note(_ partitions: some Sequence<TopicPartition>, _ fetching: Fetching) {
    for partition in partitions {
      if let index = indices[partition] { entries[index].fetching = fetching }
    }
  }

  /// All partitions in this state, with the offsets to read them from.
  package func positions(_ fetching: Fetching) -> Positions {
    var positions: Positions = [:]
    for entry in entries where entry.fetching == fetching { positions[entry.partition] = entry.next }
    return positions
  }

  package var allPositions: Positions {
    Dictionary(uniqueKeysWithValues: entries.map { ($0.partition, $0.next) })
  }

  package func index(of partition: TopicPartition) -> Int? { indices[partition] }

  /// Records of the partition have been handed out up to `next`.
  package mutating func advance(to next: Int64, at index: Int) {
    entries[index].next = next
  }

  /// A partition that is read from its tracked offset, and its next offset: no record before it is to be handed out, and none at all
  /// of another partition.
  package func placed(at index: Int) -> (partition: TopicPartition, next: Int64)? {
    let entry = entries[index]
    return entry.fetching == .placed ? (entry.partition, entry.next) : nil
  }

  /// Whether the end at `offset` is new: everything before it has been handed out.
  package mutating func reachedEnd(of partition: TopicPartition, at offset: Int64) -> Bool {
    guard let index = indices[partition], entries[index].fetching == .placed, offset >= entries[index].next
    else { return false }
    entries[index].next = offset
    return true
  }
}
