import Contract
import EventLog
import Glibc
import SnapshotView

/// The current result, for all who ask: one thread keeps it up to date, any may read it.
public final class PublicationBoard: Sendable {
  private struct State: Sendable {
    var view = SnapshotView()
    var isCaughtUp = false
    var damaged = 0
  }

  private let state: ReadWriteLock<State>

  public init() { state = ReadWriteLock(State()) }

  /// Of a view that is complete.
  package init(_ view: SnapshotView) { state = ReadWriteLock(State(view: view, isCaughtUp: true)) }

  /// Takes in what was published.
  package func take(_ publications: [Publication]) {
    state.write { state in
      for publication in publications { state.view.apply(publication) }
    }
  }

  /// Calls `body` with the view, which stands still meanwhile. `body` must not come back to this.
  public func read<Result>(_ body: (SnapshotView) throws -> Result) rethrows -> Result {
    try state.read { try body($0.view) }
  }

  /// Whether all that had been published when this started has been taken in.
  public var isCaughtUp: Bool { state.read { $0.isCaughtUp } }

  /// Records that could not be read.
  var damaged: Int { state.read { $0.damaged } }

  /// Follows the log until `isStopped`. Tells `changed` what was taken in once it is caught up. Blocks. Throws what only
  /// people can mend.
  public func follow(
    _ log: any EventLog, until isStopped: () -> Bool, changed: ([Publication]) -> Void = { _ in },
    report: (String) -> Void = { _ in }
  ) throws(LogError) {
    while !isStopped() {
      do throws(LogError) {
        try followOnce(log, isStopped, changed)
      } catch {
        guard error.kind != .unusable else { throw error }
        report("\(error); reading the result anew")
        for _ in 0..<50 where !isStopped() { usleep(20_000) }
      }
    }
  }

  /// Reads from the beginning into a view of its own, which takes the place of the shared one when it is complete: so
  /// nobody sees a part, and a reader that was lost leaves nothing behind.
  private func followOnce(
    _ log: any EventLog, _ isStopped: () -> Bool, _ changed: ([Publication]) -> Void
  ) throws(LogError) {
    _ = try log.checkTopics(SnapshotFollower.topics)
    let reader = try log.reader(SnapshotFollower.topics)
    var view = SnapshotView()
    var isComplete = false
    while !isStopped() {
      var publications: [Publication] = []
      let isCaughtUp = try reader.poll(timeout: 50) { records in
        for record in records {
          do throws(DecodingError) {
            if let publication = try Publication(record) { publications.append(publication) }
          } catch {
            state.write { $0.damaged += 1 }
          }
        }
      }
      if isComplete {
        guard !publications.isEmpty else { continue }
        take(publications)
        changed(publications)
      } else {
        for publication in publications { view.apply(publication) }
        guard isCaughtUp else { continue }
        isComplete = true
        state.write { state in
          swap(&state.view, &view)
          state.isCaughtUp = true
        }
        view = SnapshotView()
        changed([])
      }
    }
  }
}
