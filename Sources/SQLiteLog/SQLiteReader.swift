import Contract
import EventLog

/// Reads all partitions of its topics.
final class SQLiteReader: LogReader {
  private let reader: SQLitePartitionReader
  private let partitions: [TopicPartition]
  private var ends: Positions = [:]
  private var isCaughtUp = false

  init(_ log: SQLiteLog, _ topics: [Topic], from start: ReadStart) throws(LogError) {
    reader = try SQLitePartitionReader(log)
    partitions = try reader.partitions(of: topics)
    let bounds = try reader.bounds()
    for partition in partitions {
      let range = try bounds.range(partition)
      try reader.read(partition, from: start == .beginning ? range.lowerBound : range.upperBound)
      ends[partition] = range.upperBound
    }
  }

  func awaitEnd() throws(LogError) {
    let bounds = try reader.bounds()
    for partition in partitions { ends[partition] = try bounds.range(partition).upperBound }
    isCaughtUp = reader.hasReached(ends)
  }

  func poll(
    timeout: Int32, _ body: (UnsafeBufferPointer<Record>) -> Void
  ) throws(LogError) -> Bool {
    let wasCaughtUp = isCaughtUp
    // Returns at once when the end is reached, instead of waiting for a record.
    try reader.poll(
      timeout: timeout,
      until: {
        isCaughtUp = isCaughtUp || reader.hasReached(ends)
        return isCaughtUp != wasCaughtUp
      }, body)
    isCaughtUp = isCaughtUp || reader.hasReached(ends)
    return isCaughtUp
  }
}
