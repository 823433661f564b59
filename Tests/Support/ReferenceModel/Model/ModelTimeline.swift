import Contract

/// One step of a timeline.
protocol ModelStep {
  var effectiveAt: Timestamp? { get }
  var revision: Int64 { get }
}

extension Subscription<String>: ModelStep {}
extension LicenseAssignment<String>: ModelStep {}
extension Instance<String>: ModelStep {}
extension Customer<String>: ModelStep {}
extension Partner<String>: ModelStep {}
extension Affiliation<String>: ModelStep {}

extension ModelStep {
  /// Never missing in an accepted event.
  var time: Timestamp { effectiveAt ?? Timestamp() }

  func isBefore(_ other: Self) -> Bool { (time, revision) < (other.time, other.revision) }
}

/// The states of an entity over time.
struct ModelTimeline<Step: ModelStep> {
  /// Ascending, one for each order key.
  private(set) var steps: [Step] = []

  /// Takes in the next step of the log.
  mutating func insert(_ step: Step) {
    steps.removeAll { !$0.isBefore(step) && !step.isBefore($0) }
    steps.append(step)
    steps.sort { $0.isBefore($1) }
  }

  /// The state at an instant: the last step before it.
  func state(before instant: Timestamp) -> Step? {
    steps.last { $0.time < instant }
  }
}
