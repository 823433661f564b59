import EventLog
import Topology

/// Looks, once a second at most, how much of the input is published, as long as there is no result to show.
struct InputProgress {
  private let log: any EventLog
  private let application: String
  private var lookedAt: ContinuousClock.Instant?

  init(_ log: any EventLog, computedBy application: String?) {
    self.log = log
    self.application = application ?? AggregatorOptions().application
  }

  var isDue: Bool { lookedAt.map { .now - $0 >= .seconds(1) } ?? true }

  /// Nil if all is published, and if nobody says: to ask for a group's offsets needs a right that readers need not have.
  mutating func look() -> Progress? {
    lookedAt = .now
    guard var watch = try? EndWatch(log, application: application), let (isDone, progress) = try? watch.look()
    else { return nil }
    return isDone || progress.total == 0 ? nil : progress
  }
}
