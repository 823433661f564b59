import Contract
import EventLog
import SnapshotView

/// The result of one generation as it is read. One thread owns it.
final class FollowedResult {
  let generation: Generation
  private let reader: any LogReader

  init(_ log: any EventLog) throws(LogError) {
    generation = log.generation
    _ = try log.checkTopics(SnapshotFollower.topics)
    reader = try log.reader(SnapshotFollower.topics)
  }

  /// Waits up to `timeout` milliseconds for what is new. Tells also whether all is read that there was at the start, or at
  /// the last `awaitEnd`.
  func poll(
    timeout: Int32
  ) throws(LogError) -> (publications: [Publication], damaged: Int, isAtEnd: Bool) {
    var publications: [Publication] = []
    var damaged = 0
    let isAtEnd = try reader.poll(timeout: timeout) { records in
      for record in records {
        do throws(DecodingError) {
          if let publication = try Publication(record) { publications.append(publication) }
        } catch {
          damaged += 1
        }
      }
    }
    return (publications, damaged, isAtEnd)
  }

  func awaitEnd() throws(LogError) { try reader.awaitEnd() }
}
