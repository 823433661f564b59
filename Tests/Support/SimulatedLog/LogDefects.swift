/// Rules of the log's contract that are broken on purpose, to show that the simulator would notice.
package struct LogDefects: OptionSet, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Outputs and positions are two transactions.
  package static let splitsCommits = LogDefects(rawValue: 1 << 0)
  /// Commits though a record was not delivered.
  package static let ignoresDeliveryReports = LogDefects(rawValue: 1 << 1)
  /// Members read what is not committed.
  package static let membersReadUncommitted = LogDefects(rawValue: 1 << 2)
  /// Readers without a group, the subscribers, read what is not committed.
  package static let readersReadUncommitted = LogDefects(rawValue: 1 << 3)
  /// A member presents the generation in which it joined with every commit.
  package static let staleGroupMetadata = LogDefects(rawValue: 1 << 4)
  /// A member presents no group metadata, so the group cannot refuse its commits.
  package static let noGroupMetadata = LogDefects(rawValue: 1 << 5)
  /// A new producer leaves the former one of the same transactional id, and its open transaction, as they are.
  package static let noFencing = LogDefects(rawValue: 1 << 6)
  /// `close` waits for an assignment.
  package static let closeNeedsAssignment = LogDefects(rawValue: 1 << 7)
  /// What the log has lost is passed over in silence.
  package static let hidesMissingHistory = LogDefects(rawValue: 1 << 8)
  /// Compaction drops what the group still has to read for a rebuild.
  package static let compactsPastGroup = LogDefects(rawValue: 1 << 9)
  /// Compaction drops tombstones.
  package static let dropsTombstones = LogDefects(rawValue: 1 << 10)
  /// What was fetched before `read(from:)` is still handed out.
  package static let handsOutStaleFetch = LogDefects(rawValue: 1 << 11)
  /// The group's positions are read though a transaction that holds newer ones is not decided yet.
  package static let readsUnstablePositions = LogDefects(rawValue: 1 << 12)
  /// Tells of ends as visible that lie behind a transaction which is not decided.
  package static let hidesOpenTransactions = LogDefects(rawValue: 1 << 13)
}
