import Contract
import EventLog

extension StageDriver {
  /// Queries the extents of the outputs and detects losses. Returns the topics with a loss that was not known before. Throws an
  /// `unusable` error if the stage cannot write the lost records again.
  func detectLosses() throws(LogError) -> [Topic] {
    let before = OutputLosses(try log.commitNotes(leadPartitions, of: group.name))
    extents = try log.extents(of: outputPartitions)
    // Another member may have detected the loss meanwhile, and written again what the extents include.
    let known = max(before.known, OutputLosses(try log.commitNotes(leadPartitions, of: group.name)).known)
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
      // Live tasks must republish too, which a restore makes them do.
      if machine.taskNumbers.contains(where: { repaired[$0] ?? 0 < all }) { mustRebuild = true }
    }
    return lost
  }

  func names(of topics: [Topic]) -> String {
    topics.map { $0.name(in: log.generation) }.joined(separator: " and ")
  }

  func reportRepublishing(_ number: Int32, _ lost: [Topic]) {
    let names = lost.isEmpty ? "an output of \(group.name)" : names(of: lost)
    report(
      .warning,
      LogMessage(
        "\(names) has lost records that were written to it; task \(number) of \(group.name) republishes its whole result",
        LogFields(group: group.name, task: number)))
  }
}
