import Contract
import EventLog
import Metrics
import Platform
import SnapshotView
import Topology

/// The result that is served. One thread keeps it up to date, any thread may read it.
package final class PublicationBoard: Sendable {
  private struct State: Sendable {
    var view = SnapshotView()
    var damaged = 0
    /// Nil until a view is complete.
    var generation: Generation?
    /// How much has been read of what is needed before there is anything to show; nil if that is unknown, or all.
    var progress: Progress?
  }

  private let state: ReadWriteLock<State>

  package init() { state = ReadWriteLock(State()) }

  /// A board with a complete view.
  package init(_ view: SnapshotView) { state = ReadWriteLock(State(view: view, generation: .first)) }

  /// Applies publications.
  package func take(_ publications: [Publication], damaged: Int = 0) {
    state.write { state in
      state.damaged += damaged
      for publication in publications { state.view.apply(publication) }
      if state.view.snapshotCount > 0 { state.progress = nil }
    }
  }

  /// Calls `body` with the view, under a read lock. `body` must not call this board.
  package func read<Result>(_ body: (SnapshotView) throws -> Result) rethrows -> Result {
    try state.read { try body($0.view) }
  }

  /// Whether there is a complete view: everything has been read that was published at the start.
  package var isCaughtUp: Bool { generation != nil }

  /// How far the result, or else its input, has been read, while there is nothing to show; nil if nothing is being read.
  var progress: Progress? {
    state.read { $0.progress ?? ($0.generation == nil ? Progress(done: 0, total: 1) : nil) }
  }

  /// What it waits for, a line each; empty if it can be read.
  package var waitsFor: [String] { isCaughtUp ? [] : ["the result to be read"] }

  /// Records that could not be read.
  var damaged: Int { state.read { $0.damaged } }

  /// Its state, for metrics.
  package var status: ViewMetrics.Status {
    let (snapshots, scales) = read { ($0.snapshotCount, $0.scaleCount) }
    return ViewMetrics.Status(
      snapshots: snapshots, scales: scales, isCaughtUp: isCaughtUp, generation: generation,
      damaged: damaged)
  }

  /// The generation that is shown; nil before the first.
  var generation: Generation? { state.read { $0.generation } }

  /// Follows the served generation until `stop`. `open` opens the log of a generation. `changed` gets what was published since
  /// there is a complete view; an empty list for a new view. Blocks. Throws errors that need an operator.
  package func follow(
    _ open: (Generation) throws(LogError) -> any EventLog, until stop: StopSignal,
    changed: ([Publication]) -> Void = { _ in }, report: (String) -> Void = { _ in }
  ) throws(LogError) {
    try followRetrying(until: stop, report: { report("\($0); reading the result again") }) {
      () throws(LogError) in
      try followOnce(open, stop, changed, report)
    }
  }

  /// Reads from the beginning into a separate view, which replaces the shared one when it is complete: nobody sees an incomplete
  /// view, and a failed reader leaves nothing behind. Does so again when another generation is served.
  private func followOnce(
    _ open: (Generation) throws(LogError) -> any EventLog, _ stop: StopSignal,
    _ changed: ([Publication]) -> Void, _ report: (String) -> Void
  ) throws(LogError) {
    let generations = try GenerationReader(try open(.first))
    var shown: PublicationReader?
    var successor: Successor?
    var inputProgress: InputProgress?
    while !stop.isStopped {
      try generations.poll()
      let served = generations.generations.served
      if (successor?.result ?? shown)?.generation != served {
        successor = nil
        if shown?.generation != served {
          let log = try open(served)
          let application = generations.generations.servedBy
          successor = try Successor(log, computedBy: application)
          inputProgress = InputProgress(log, computedBy: application)
        }
      }
      if let shown, successor?.holdsPredecessor != true {
        var publications: [Publication] = []
        let (damaged, _) = try shown.poll(timeout: successor == nil ? 50 : 0) { publications.append($0) }
        if !publications.isEmpty || damaged > 0 { take(publications, damaged: damaged) }
        if !publications.isEmpty { changed(publications) }
        if inputProgress?.isDue == true, read({ $0.snapshotCount == 0 }) {
          let progress = inputProgress?.poll()
          state.write { $0.progress = progress }
        }
      }
      // Compares with what is shown, even if its reader has failed meanwhile.
      let isSwitch = generation.map { $0 != served } ?? false
      if let successor, generation == nil { state.write { $0.progress = successor.progress } }
      if let ready = successor, try ready.step(isSwitch: isSwitch) {
        if ready.isLate { report("\(served) is served, but lags behind the input") }
        show(ready)
        shown = ready.result
        successor = nil
        changed([])
      }
    }
  }

  private func show(_ successor: Successor) {
    // The former view is released outside of the lock.
    var view = successor.takeView()
    state.write { state in
      swap(&state.view, &view)
      state.damaged += successor.damaged
      state.generation = successor.result.generation
      // Whether there is input is not known yet.
      state.progress = state.view.snapshotCount > 0 ? nil : Progress(done: 0, total: 1)
    }
  }
}
