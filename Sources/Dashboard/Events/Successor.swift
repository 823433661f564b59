import Contract
import EventLog
import SnapshotView
import Topology

/// A result that is to take the place of the one that is shown.
///
/// First it is read, while the other one goes on. Then the other one stands still until this one holds all events that were
/// in the log at that moment: so nobody sees a key go back to what older events said.
final class Successor {
  private enum Phase {
    case reading
    case publishing(EndWatch, lookedAt: ContinuousClock.Instant)
    case finishing
  }

  let result: PublicationReader
  private var view = SnapshotView()
  private(set) var damaged = 0
  private let beginnings: Positions
  private let ends: Positions
  private let log: any EventLog
  private let application: String
  private var phase = Phase.reading
  private var deadline = ContinuousClock.now

  /// How long the other one stands still at the most.
  private static let patience = Duration.seconds(10)

  /// `application` is who computes it, as far as anybody said.
  init(_ log: any EventLog, computedBy application: String?) throws(LogError) {
    self.log = log
    self.application = application ?? AggregatorOptions().application
    result = try PublicationReader(log)
    let partitions = try PartitionCounts(of: log, PublicationReader.topics).partitions(
      of: PublicationReader.topics)
    (beginnings, ends) = (try log.beginnings(partitions), try log.ends(partitions))
  }

  /// How much of what was published at the start is read, in offsets.
  var progress: Progress {
    var progress = Progress(done: 0, total: 0)
    for (partition, end) in ends {
      let beginning = beginnings[partition] ?? 0
      progress.total += end - beginning
      progress.done += min(end, max(beginning, result.positions[partition] ?? 0)) - beginning
    }
    return progress
  }

  /// Whether the other one must stand still.
  var holdsPredecessor: Bool {
    if case .reading = phase { false } else { true }
  }

  /// Gives the view away.
  func takeView() -> SnapshotView {
    defer { view = SnapshotView() }
    return view
  }

  /// Whether it was switched to before it held what the other one did, because nobody seems to compute it.
  private(set) var isLate = false

  /// Reads on; returns whether it is ready. If no other generation is shown, it need only be whole.
  func step(isSwitch: Bool) throws(LogError) -> Bool {
    let (damaged, isAtEnd) = try result.poll(timeout: 50) { view.apply($0) }
    self.damaged += damaged
    switch phase {
    case .reading:
      guard isAtEnd else { return false }
      guard isSwitch else { return true }
      deadline = .now + Self.patience
      phase = .publishing(try EndWatch(log, application: application), lookedAt: .now)
    case .publishing(var watch, let lookedAt):
      guard .now - lookedAt >= .milliseconds(20) else { return false }
      let isPublished = try watch.look().isDone
      isLate = !isPublished && .now >= deadline
      phase = .publishing(watch, lookedAt: .now)
      guard isPublished || isLate else { return false }
      try result.awaitEnd()
      phase = .finishing
    case .finishing:
      return isAtEnd
    }
    return false
  }
}
