import Contract
import EventLog

/// The progress of both stages toward an end that was fixed at the start.
package struct Progress: Sendable {
  package var done: Int64
  package var total: Int64

  package init(done: Int64, total: Int64) {
    self.done = done
    self.total = total
  }

  /// From 0 to 1.
  package var share: Double { total > 0 ? min(1, max(0, Double(done) / Double(total))) : 1 }

  /// The estimated seconds left, at the pace of the `elapsed` seconds since `start`; nil if unknown.
  package func secondsLeft(since start: Progress, elapsed: Double) -> Double? {
    guard done > start.done, elapsed > 0 else { return nil }
    return Double(max(0, total - done)) * elapsed / Double(done - start.done)
  }
}

/// Watches the committed positions of both stages until the result of all input present at the start is published, has not been
/// lost, and is visible to readers.
package struct EndWatch: Sendable {
  private let log: any EventLog
  private let application: String
  private let counts: PartitionCounts
  private let inputEnds: Positions
  private var writtenPartials: Positions?
  private var partialEnds: Positions?
  private var outputEnds: Positions?

  /// `application` is the one that computes the log's generation.
  package init(_ log: any EventLog, application: String) throws(LogError) {
    try self.init(log, application: application, counts: try PartitionCounts(of: log))
  }

  init(_ log: any EventLog, application: String, counts: PartitionCounts) throws(LogError) {
    self.log = log
    self.application = application
    self.counts = counts
    inputEnds = try log.ends(counts.partitions(of: Stage.entity.inputs))
  }

  /// Whether the entity stage has processed all of that input, as of the last query.
  private(set) var isEntityStageDone = false

  /// Queries the log once. Returns whether the whole result is published, and the progress.
  package mutating func poll() throws(LogError) -> (isDone: Bool, Progress) {
    let total = inputEnds.values.reduce(0, +)
    if !isEntityStageDone {
      let missing = try distance(of: .entity, to: inputEnds)
      guard missing == 0 else { return (false, Progress(done: total - missing, total: total)) }
      isEntityStageDone = true
    }
    let progress = Progress(done: total, total: total)
    if partialEnds == nil {
      let partials = counts.partitions(of: Stage.ranking.inputs)
      // All partials of these inputs are in the log now, whichever process wrote them.
      let written = if let writtenPartials { writtenPartials } else { try log.ends(partials) }
      writtenPartials = written
      // The commit marker of the last transaction may be appended later, and takes an offset too.
      let visible = try log.visibleEnds(partials)
      guard written.allSatisfy({ visible[$0.key] ?? 0 >= $0.value }) else { return (false, progress) }
      partialEnds = visible
    }
    guard try distance(of: .ranking, to: partialEnds ?? [:]) == 0 else { return (false, progress) }
    for stage in Stage.all where try !isWhole(stage) { return (false, progress) }
    let outputs = counts.partitions(of: Topic.outputs)
    let ends = if let outputEnds { outputEnds } else { try log.ends(outputs) }
    outputEnds = ends
    // An earlier transaction that a dead process left open hides them from readers until it times out.
    let visible = try log.visibleEnds(outputs)
    return (ends.allSatisfy { visible[$0.key] ?? 0 >= $0.value }, progress)
  }

  /// Whether the stage's inputs still have all that it read, and its outputs all that it wrote.
  private func isWhole(_ stage: Stage) throws(LogError) -> Bool {
    let group = stage.group(of: application, in: log.generation)
    let inputs = counts.partitions(of: stage.inputs)
    let committed = try log.committed(inputs, of: group)
    // An input topic that was recreated ends before the committed positions; its readers will report it.
    guard try log.ends(inputs).distance(to: committed) == 0 else { return false }
    let notes = try log.commitNotes(counts.partitions(of: [stage.inputs[0]]), of: group)
    let losses = OutputLosses(notes)
    guard losses.areRepaired, notes.allSatisfy({ $0.turningFrom == nil }) else { return false }
    let found = try log.extents(of: counts.partitions(of: stage.outputs))
    return losses.unnoticed(in: found, known: losses.known).isEmpty
  }

  private func distance(of stage: Stage, to ends: Positions) throws(LogError) -> Int64 {
    let group = stage.group(of: application, in: log.generation)
    return try log.committed(Array(ends.keys), of: group).distance(to: ends)
  }
}

extension Positions {
  /// The sum of the lags of these positions behind `ends`, in offsets.
  func distance(to ends: Positions) -> Int64 {
    ends.reduce(0) { $0 + Swift.max(0, $1.value - (self[$1.key] ?? 0)) }
  }
}
