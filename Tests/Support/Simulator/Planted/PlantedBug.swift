import SimulatedLog
import Topology

/// A broken rule, on purpose: the simulator must find it.
package struct PlantedBug: Sendable, CustomStringConvertible {
  package var name: String
  /// The rule that it breaks.
  package var rule: String
  package var planted: Planted
  /// How many seeds, from the first on, must be enough to find it.
  package var seeds: UInt64

  package var description: String { name }

  private init(
    _ name: String, _ rule: String, within seeds: UInt64, _ misbehavior: Misbehavior = [],
    defects: LogDefects = []
  ) {
    self.name = name
    self.rule = rule
    self.seeds = seeds
    planted = Planted(misbehavior: misbehavior, defects: defects)
  }

  package static let all = [
    PlantedBug(
      "split-commit", "outputs and positions are one transaction", within: 1_000, defects: .splitsCommits),
    PlantedBug(
      "outputs-without-positions", "a commit with outputs always commits positions", within: 1_000,
      .commitsWithoutPositions),
    PlantedBug(
      "delivery-not-awaited", "every delivery report has succeeded before the commit", within: 1_000,
      defects: .ignoresDeliveryReports),
    PlantedBug(
      "processing-during-commit", "nothing is processed between a commit's start and its outcome",
      within: 1_000, .processesDuringCommit),
    PlantedBug(
      "abort-taken-for-commit", "after an abort the same is committed again, or the state is rebuilt",
      within: 1_000, .keepsStateAfterFailure),
    PlantedBug(
      "positions-before-outputs", "of several transactions the last one commits the positions", within: 3_000,
      .commitsPositionsEarly),
    PlantedBug(
      "silent-part", "a transaction that is not the last one notes how far its outputs speak", within: 3_000,
      .concealsWhatIsSpoken),
    PlantedBug(
      "drain-left-incomplete", "a drain that was written in part is completed before anything else",
      within: 3_000, .leavesDrainsIncomplete),
    PlantedBug(
      "silent-turn", "a commit in the middle of a month's turn notes that there is more", within: 3_000,
      .concealsTurns),
    PlantedBug(
      "turn-left-unfinished", "a month's turn that an earlier owner began is written as a whole",
      within: 3_000, .leavesTurnsUnfinished),
    PlantedBug(
      "refused-with-first-part", "what is written once goes with the positions", within: 3_000,
      .writesOnceTwice),
    PlantedBug(
      "records-after-passed-over", "after records that were passed over none are taken", within: 3_000,
      .takesRecordsWhilePassingOver),
    PlantedBug(
      "positions-after-passed-over", "positions do not move over records that were passed over",
      within: 3_000, .takesPositionsWhilePassingOver),
    PlantedBug(
      "commit-inside-completion", "a task that completes a drain commits between polls", within: 3_000,
      .commitsInsideCompletion),
    PlantedBug(
      "lost-output-overlooked", "what is lost of the outputs is noticed", within: 1_000,
      .overlooksLostOutputs),
    PlantedBug(
      "repair-counted-early", "a loss is made up for when all is written again", within: 3_000,
      .countsRepairsEarly),
    PlantedBug(
      "reading-while-repairing", "nothing is read before all that was lost is written again", within: 3_000,
      .readsWhilePublishingAgain),
    PlantedBug(
      "unknown-outcome-trusted", "after an unknown outcome the state is rebuilt", within: 1_000,
      .trustsUnknownOutcome),
    PlantedBug(
      "no-rewind", "after a rebuild the input is rewound", within: 1_000, .rebuildsWithoutRewind),
    PlantedBug(
      "commit-after-revocation", "what is revoked is committed inside the callback", within: 1_000,
      .commitsAfterRevocation),
    PlantedBug(
      "commit-of-lost-tasks", "for lost tasks nothing is committed", within: 3_000, .commitsLostTasks),
    PlantedBug(
      "stale-group-metadata", "group metadata is read anew for each commit", within: 1_000,
      defects: .staleGroupMetadata),
    PlantedBug(
      "no-group-metadata", "the group refuses commits of members that are none", within: 3_000,
      defects: .noGroupMetadata),
    PlantedBug(
      "members-read-uncommitted", "the stages read what is committed", within: 1_000,
      defects: .membersReadUncommitted),
    PlantedBug(
      "subscriber-reads-uncommitted", "subscribers read what is committed", within: 1_000,
      defects: .readersReadUncommitted),
    PlantedBug(
      "producer-kept-after-fatal-error", "a fatal producer error means a new producer", within: 1_000,
      .keepsMemberAfterFatal),
    PlantedBug(
      "no-fencing", "a restarted process fences its former self", within: 3_000, defects: .noFencing),
    PlantedBug(
      "unstable-positions", "positions of an undecided transaction are waited for", within: 3_000,
      defects: .readsUnstablePositions),
    PlantedBug(
      "open-transactions-hidden", "what is said to be published can be seen", within: 3_000,
      defects: .hidesOpenTransactions),
    PlantedBug(
      "close-waits-for-assignment", "shutdown before the group was joined returns", within: 1_000,
      defects: .closeNeedsAssignment),
    PlantedBug(
      "publishing-while-restoring", "a task that restores writes nothing", within: 1_000,
      .publishesWhileRestoring),
    PlantedBug(
      "records-taken-twice", "records that a task has read are passed over", within: 1_000, .takesRecordsTwice
    ),
    PlantedBug(
      "stale-fetch", "nothing that was fetched before a seek is handed out after it", within: 1_000,
      defects: .handsOutStaleFetch),
    PlantedBug(
      "checkpoint-ahead", "a checkpoint holds what is committed, and none that is ahead is used",
      within: 1_000, .checkpointsUncommitted),
    PlantedBug(
      "tail-left-out", "a restored task knows all that came since its checkpoint", within: 1_000,
      .leavesOutWhatCameSince),
    PlantedBug(
      "checksum-ignored", "a damaged checkpoint is not used", within: 3_000, .trustsDamagedCheckpoints),
    PlantedBug(
      "missing-history-hidden", "without its history the program refuses to go on", within: 3_000,
      defects: .hidesMissingHistory),
    PlantedBug(
      "compaction-past-group", "compaction leaves what a rebuild up to the group's positions needs",
      within: 3_000, defects: .compactsPastGroup),
    PlantedBug(
      "tombstones-dropped", "tombstones last for as long as an old checkpoint may be used", within: 3_000,
      defects: .dropsTombstones),
  ]

  package static func named(_ name: String) -> PlantedBug? { all.first { $0.name == name } }

  /// A seed that finds it, and what it finds: the known one, if that still does, or the first one.
  package func find() -> (seed: UInt64, failure: String)? {
    if let seed = knownSeed, let failure = failure(of: seed) { return (seed, failure) }
    return findFirst()
  }

  /// The first seed that finds it, of as many as must be enough, and what it finds.
  package func findFirst() -> (seed: UInt64, failure: String)? {
    for seed in 1...seeds {
      if let failure = failure(of: seed) { return (seed, failure) }
    }
    return nil
  }

  private func failure(of seed: UInt64) -> String? { Scenario(seed: seed).run(planted).failure }
}
