import Contract
import EventLog

/// Keeps a view up to date with a log. One thread owns it.
public final class SnapshotFollower {
  public private(set) var view = SnapshotView()
  /// Records that could not be read.
  public private(set) var damaged = 0
  private let reader: PublicationReader

  public init(_ log: any EventLog) throws(LogError) { reader = try PublicationReader(log) }

  /// Waits up to `timeout` milliseconds for records and takes them in; tells `taken` each. Returns whether all that was in
  /// the log at the start, or at the last `awaitEnd`, is in the view.
  public func poll(timeout: Int32, taken: (Publication) -> Void = { _ in }) throws(LogError) -> Bool {
    let (damaged, isAtEnd) = try reader.poll(timeout: timeout) { publication in
      view.apply(publication)
      taken(publication)
    }
    self.damaged += damaged
    return isAtEnd
  }

  /// From now on `poll` tells whether all that is in the log now is in the view.
  public func awaitEnd() throws(LogError) { try reader.awaitEnd() }
}
