/// Rules of the commit protocol that are broken on purpose, to show that the simulator would notice. The program knows nothing of
/// it: `MisbehavingLog` and `TrustingStore` stand between the program's drivers and the simulated log and disk.
package struct Misbehavior: OptionSet, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Goes on with the state that a failed commit left behind.
  package static let keepsStateAfterFailure = Misbehavior(rawValue: 1 << 0)
  /// Takes a commit of unknown outcome for committed.
  package static let trustsUnknownOutcome = Misbehavior(rawValue: 1 << 1)
  /// Restores the state after a failed commit, but reads on from where it was.
  package static let rebuildsWithoutRewind = Misbehavior(rawValue: 1 << 2)
  /// Polls between the start of a commit and its outcome, and commits the positions that it then has.
  package static let processesDuringCommit = Misbehavior(rawValue: 1 << 3)
  /// Commits what it was to give up with the next commit, not from inside the callback.
  package static let commitsAfterRevocation = Misbehavior(rawValue: 1 << 4)
  /// Commits tasks that it has lost.
  package static let commitsLostTasks = Misbehavior(rawValue: 1 << 5)
  /// Goes on with a member, and its producer, after a fatal error.
  package static let keepsMemberAfterFatal = Misbehavior(rawValue: 1 << 6)
  /// Commits outputs without positions.
  package static let commitsWithoutPositions = Misbehavior(rawValue: 1 << 7)
  /// Publishes what a restored task reads up to the committed positions.
  package static let publishesWhileRestoring = Misbehavior(rawValue: 1 << 8)
  /// Takes in records that a task has read before.
  package static let takesRecordsTwice = Misbehavior(rawValue: 1 << 9)
  /// Completes checkpoints whose chunks reflect what is not committed yet.
  package static let checkpointsUncommitted = Misbehavior(rawValue: 1 << 10)
  /// Does not complete a drain that an earlier owner wrote in part.
  package static let leavesDrainsIncomplete = Misbehavior(rawValue: 1 << 11)
  /// Does not note how far the first of several transactions speak.
  package static let concealsWhatIsSpoken = Misbehavior(rawValue: 1 << 12)
  /// Commits the new positions with the first of several transactions.
  package static let commitsPositionsEarly = Misbehavior(rawValue: 1 << 13)
  /// Writes refused events with the first of several transactions.
  package static let writesOnceTwice = Misbehavior(rawValue: 1 << 14)
  /// Does not write lost outputs again.
  package static let overlooksLostOutputs = Misbehavior(rawValue: 1 << 15)
  /// Takes a loss for made up for with the first of several transactions.
  package static let countsRepairsEarly = Misbehavior(rawValue: 1 << 16)
  /// Takes in records, or positions, after others that it has passed over.
  package static let takesRecordsWhilePassingOver = Misbehavior(rawValue: 1 << 17)
  package static let takesPositionsWhilePassingOver = Misbehavior(rawValue: 1 << 18)
  /// Commits in the middle of a poll though a task completes a drain.
  package static let commitsInsideCompletion = Misbehavior(rawValue: 1 << 19)
  /// Reads on before all that was lost is written again.
  package static let readsWhilePublishingAgain = Misbehavior(rawValue: 1 << 20)
  /// Writes what was lost again before it is noted that it was.
  package static let repairsUnannounced = Misbehavior(rawValue: 1 << 21)
  /// Uses checkpoints, whatever their checksums say.
  package static let trustsDamagedCheckpoints = Misbehavior(rawValue: 1 << 22)
  /// Takes a checkpoint for the state at the committed positions.
  package static let leavesOutWhatCameSince = Misbehavior(rawValue: 1 << 23)
  /// Does not note that a month's turn is not written as a whole.
  package static let concealsTurns = Misbehavior(rawValue: 1 << 24)
  /// Does not write the rest of a month's turn that an earlier owner began.
  package static let leavesTurnsUnfinished = Misbehavior(rawValue: 1 << 25)
}
