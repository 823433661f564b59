import Contract

/// A processing stage between topics, described by its input and output topics.
package struct Stage: Sendable, Hashable {
  package let name: String
  /// Task i reads partition i of each. The first is the *lead topic*: the group assigns its partitions, and the offset metadata
  /// of its positions holds the commit notes.
  package let inputs: [Topic]
  package let outputs: [Topic]
  /// What operators can do if outputs were lost; nil if tasks republish them from their state.
  package let remedy: String?

  /// Whether it reads outputs of another stage.
  package var followsAnother: Bool { inputs.contains(where: Topic.outputs.contains) }

  /// Keeps the state of customers, persons and partners; writes their contributions to each partner and cell.
  package static let entity = Stage(
    name: "entity", inputs: Topic.inputs, outputs: [.partnerPartials, .rejectedEvents],
    remedy: "use `recompute` to compute a new result from the inputs")

  /// Ranks the partners of each cell; writes snapshots and scales.
  package static let ranking = Stage(
    name: "ranking", inputs: [.partnerPartials], outputs: [.indicatorSnapshots, .indicatorScales],
    remedy: nil)

  package static let all = [entity, ranking]

  /// Copies the inputs to topics with another partition count; see `CopyTask`.
  package static let copy = Stage(
    name: "copy", inputs: Topic.inputs, outputs: Topic.inputs, remedy: "copy to topics with another prefix")

  /// The consumer group of the stage in an application.
  package func group(of application: String, in generation: Generation = .first) -> String {
    "\(application)\(generation.suffix)-\(name)"
  }
}
