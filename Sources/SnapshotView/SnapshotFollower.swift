import Contract
import EventLog

/// Keeps a view up to date with a log. One thread owns it.
public final class SnapshotFollower {
  public private(set) var view = SnapshotView()
  /// Records that could not be read.
  public private(set) var damaged = 0
  private let reader: any LogReader

  public static let topics: [Topic] = [.indicatorSnapshots, .indicatorScales]

  public init(_ log: any EventLog) throws(LogError) {
    _ = try log.checkTopics(Self.topics)
    reader = try log.reader(Self.topics)
  }

  /// Waits up to `timeout` milliseconds for records and takes them in; tells `taken` each. Returns whether all that was in
  /// the log at the start, or at the last `awaitEnd`, is in the view.
  public func poll(timeout: Int32, taken: (Publication) -> Void = { _ in }) throws(LogError) -> Bool {
    try reader.poll(timeout: timeout) { records in
      for record in records {
        do throws(DecodingError) {
          guard let publication = try Publication(record) else { continue }
          view.apply(publication)
          taken(publication)
        } catch {
          damaged += 1
        }
      }
    }
  }

  /// From now on `poll` tells whether all that is in the log now is in the view.
  public func awaitEnd() throws(LogError) { try reader.awaitEnd() }
}
