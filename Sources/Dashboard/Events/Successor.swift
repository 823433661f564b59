import Contract
import EventLog
import SnapshotView
import Topology

/// The view of a result that is to replace the one that is shown (its predecessor).
///
/// First it is read, while the predecessor is still updated. Then the predecessor is frozen until this one reflects all events that
/// were in the log at that moment, so that nobody sees a value go back to an older one.
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

  /// How long the predecessor is frozen at most.
  private static let patience = Duration.seconds(10)

  /// `application` computes the result; nil if that is not recorded.
  init(_ log: any EventLog, computedBy application: String?) throws(LogError) {
    self.log = log
    self.application = application ?? AggregatorOptions().application
    result = try PublicationReader(log)
    let partitions = try PartitionCounts(of: log, PublicationReader.topics).partitions(
      of: PublicationReader.topics)
    (beginnings, ends) = (try log.beginnings(partitions), try log.ends(partitions))
  }

  /// How much has been read of what was published at the start, in offsets.
  var progress: Progress {
    var progress = Progress(done: 0, total: 0)
    for (partition, end) in ends {
      let beginning = beginnings[partition] ?? 0
      progress.total += end - beginning
      progress.done += min(end, max(beginning, result.positions[partition] ?? 0)) - beginning
    }
    return progress
  }

  /// Whether the predecessor must be frozen.
  var holdsPredecessor: Bool {
    if case .reading = phase { false } else { true }
  }

  /// Returns the view, and keeps none.
  func takeView() -> SnapshotView {
    defer { view = SnapshotView() }
    return view
  }

  /// Whether it replaces the predecessor without reflecting all of its events, because nobody seems to compute it.
  private(set) var isLate = false

  /// Reads more; returns whether it is ready to replace the predecessor. Unless this is a switch between generations, it need only
  /// be complete.
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
      let isPublished = try watch.poll().isDone
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
