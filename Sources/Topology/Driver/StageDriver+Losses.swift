import Contract
import EventLog

extension StageDriver {
  /// Finds out what the log holds of the outputs, and whether any of that is gone. Returns the topics of which that was not
  /// known. Throws an `unusable` error if it cannot be written again.
  func lookForLosses() throws(LogError) -> [Topic] {
    let before = OutputLosses(try log.commitNotes(leads, of: group.name))
    extents = try log.extents(of: outputPartitions)
    // Another member may have noticed meanwhile, and written again what the extents hold.
    let known = max(before.known, OutputLosses(try log.commitNotes(leads, of: group.name)).known)
    let lost = before.unnoticed(in: extents, known: known)
    if let remedy = Task.stage.remedy, !lost.isEmpty {
      throw LogError(
        .unusable, code: "OUTPUT_LOST",
        "\(names(of: lost)) has lost records that were written to it: it was truncated, or deleted and recreated; "
          + remedy)
    }
    let all = known + (lost.isEmpty ? 0 : 1)
    if all > losses {
      losses = all
      // Tasks that are live have not noticed.
      if machine.taskNumbers.contains(where: { repaired[$0] ?? 0 < all }) { mustRebuild = true }
    }
    return lost
  }

  func names(of topics: [Topic]) -> String {
    topics.map { $0.name(in: log.generation) }.joined(separator: " and ")
  }

  func reportAgain(_ number: Int32, _ lost: [Topic]) {
    let names = lost.isEmpty ? "an output of \(group.name)" : names(of: lost)
    report(
      .warning,
      LogMessage(
        "\(names) has lost records that were written to it; task \(number) of \(group.name) republishes its whole result",
        LogFields(group: group.name, task: number)))
  }
}
