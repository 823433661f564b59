import Contract
import EventLog

/// Keeps a view up to date with a log. Owned by one thread.
package final class SnapshotFollower {
  package private(set) var view = SnapshotView()
  /// The number of records that could not be decoded.
  package private(set) var damaged = 0
  private let reader: PublicationReader

  package init(_ log: any EventLog) throws(LogError) { reader = try PublicationReader(log) }

  /// Waits up to `timeout` milliseconds for records, applies them to the view and passes each to `taken`. Returns whether the
  /// view includes everything that was in the log at the start, or at the last `awaitEnd`.
  package func poll(timeout: Int32, taken: (Publication) -> Void = { _ in }) throws(LogError) -> Bool {
    let (damaged, isAtEnd) = try reader.poll(timeout: timeout) { publication in
      view.apply(publication)
      taken(publication)
    }
    self.damaged += damaged
    return isAtEnd
  }

  /// From now on, `poll` returns whether the view includes everything that is in the log now.
  package func awaitEnd() throws(LogError) { try reader.awaitEnd() }
}
