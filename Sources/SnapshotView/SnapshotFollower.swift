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

  /// Waits up to `timeout` milliseconds for records and takes them in. Returns whether all that was in the log at the start
  /// is in the view.
  public func poll(timeout: Int32) throws(LogError) -> Bool {
    try reader.poll(timeout: timeout) { records in
      for record in records {
        do throws(DecodingError) {
          if let publication = try Publication(record) { view.apply(publication) }
        } catch {
          damaged += 1
        }
      }
    }
  }
}
