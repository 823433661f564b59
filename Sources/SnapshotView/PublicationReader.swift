import Contract
import EventLog

/// Reads the result topics of one generation. Owned by one thread.
package final class PublicationReader {
  package static let topics: [Topic] = [.indicatorSnapshots, .indicatorScales]

  package let generation: Generation
  /// The next offset of each partition of which a record was read.
  package private(set) var positions: Positions = [:]
  private let reader: any LogReader

  package init(_ log: any EventLog) throws(LogError) {
    generation = log.generation
    reader = try log.reader(Self.topics)
  }

  /// Waits up to `timeout` milliseconds for new records, and calls `body` with each. Returns how many records could not be
  /// decoded, and whether everything has been read that existed at the start, or at the last `awaitEnd`.
  package func poll(
    timeout: Int32, _ body: (Publication) -> Void
  ) throws(LogError) -> (damaged: Int, isAtEnd: Bool) {
    var damaged = 0
    let isAtEnd = try reader.poll(timeout: timeout) { records in
      for (index, record) in records.enumerated() {
        // Set once for each run of records of one partition.
        let next = index + 1 < records.count ? records[index + 1] : nil
        if next?.partition != record.partition || next?.topic != record.topic {
          positions[TopicPartition(record.topic, record.partition)] = record.offset + 1
        }
        do throws(DecodingError) {
          if let publication = try Publication(record) { body(publication) }
        } catch {
          damaged += 1
        }
      }
    }
    return (damaged, isAtEnd)
  }

  package func awaitEnd() throws(LogError) { try reader.awaitEnd() }
}
