import Contract

/// One of the two steps from events to snapshots, as data: what it reads and what it writes.
public struct Stage: Sendable, Hashable {
  public let name: String
  /// Task i reads partition i of each; the first one leads the assignment.
  public let inputs: [Topic]
  public let outputs: [Topic]
  /// What helps if outputs were lost; nil if a task writes them again from its state.
  public let remedy: String?

  /// Whether it reads what another stage writes.
  package var followsAnother: Bool { inputs.contains(where: Topic.outputs.contains) }

  /// Keeps what customers, persons and partners have done; writes what follows for each partner and cell.
  public static let entity = Stage(
    name: "entity", inputs: Topic.inputs, outputs: [.partnerPartials, .rejectedEvents],
    remedy: "use `recompute` to compute a new result from the inputs")

  /// Ranks the partners of each cell; writes snapshots and scales.
  public static let ranking = Stage(
    name: "ranking", inputs: [.partnerPartials], outputs: [.indicatorSnapshots, .indicatorScales],
    remedy: nil)

  public static let all = [entity, ranking]

  /// Copies the inputs into topics with other partitions; see `CopyTask`.
  public static let copy = Stage(
    name: "copy", inputs: Topic.inputs, outputs: Topic.inputs, remedy: "copy to topics with another prefix")

  /// The consumer group of the stage, for an application of this name.
  public func group(of application: String, in generation: Generation = .first) -> String {
    "\(application)\(generation.suffix)-\(name)"
  }
}
