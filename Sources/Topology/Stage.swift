import Contract

/// One of the two steps from events to snapshots, as data: what it reads and what it writes.
public struct Stage: Sendable, Hashable {
  public let name: String
  /// Task i reads partition i of each; the first one leads the assignment.
  public let inputs: [Topic]
  public let outputs: [Topic]
  /// Whether what is lost of the outputs can be written again from a task's state.
  public let canPublishAgain: Bool

  /// Keeps what customers, persons and partners have done; writes what follows for each partner and cell.
  public static let entity = Stage(
    name: "entity", inputs: Topic.inputs, outputs: [.partnerPartials, .rejectedEvents],
    canPublishAgain: false)

  /// Ranks the partners of each cell; writes snapshots and scales.
  public static let ranking = Stage(
    name: "ranking", inputs: [.partnerPartials], outputs: [.indicatorSnapshots, .indicatorScales],
    canPublishAgain: true)

  public static let all = [entity, ranking]

  /// The consumer group of the stage, for an application of this name.
  public func group(of application: String, in generation: Generation = .first) -> String {
    "\(application)\(generation.suffix)-\(name)"
  }
}
