import EventLog
import Topology

/// How much of the input is reflected in the result, while there is nothing to show yet. Queried at most once a second.
struct InputProgress {
  private let log: any EventLog
  private let application: String
  private var lookedAt: ContinuousClock.Instant?

  init(_ log: any EventLog, computedBy application: String?) {
    self.log = log
    self.application = application ?? AggregatorOptions().application
  }

  var isDue: Bool { lookedAt.map { .now - $0 >= .seconds(1) } ?? true }

  /// Nil if everything is published, or if that is unknown: a group's offsets need a permission that readers may lack.
  mutating func poll() -> Progress? {
    lookedAt = .now
    guard var watch = try? EndWatch(log, application: application), let (isDone, progress) = try? watch.poll()
    else { return nil }
    return isDone || progress.total == 0 ? nil : progress
  }
}
