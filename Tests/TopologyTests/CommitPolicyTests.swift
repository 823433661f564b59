import Testing
import Topology

@Suite("Commit policy") struct CommitPolicyTests {
  let policy: CommitPolicy

  init() {
    var policy = CommitPolicy()
    policy.catchUpInterval = 5_000
    policy.firstCatchUpInterval = 7_000
    self.policy = policy
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var recordsSince: Int64?
    var positionsSince: Int64?
    var lastCommit: Int64 = 0
    var atEnd = false
    var lastAtEnd: Int64?
    var startedFromNothing = false
    /// Since when it catches up, when records came last, and when it first was at the end.
    var catchUp: (Int64, Int64, Int64?)?
    var records = 0
    var due: Bool

    var testDescription: String { name }
  }

  /// It is 10,000 ms.
  @Test(arguments: [
    Case(name: "nothing read", due: false),
    Case(name: "drained", recordsSince: 9_990, atEnd: true, lastAtEnd: 10_000, due: true),
    Case(
      name: "drained, but 19 ms after the last commit", recordsSince: 9_990, lastCommit: 9_981, atEnd: true,
      lastAtEnd: 10_000, due: false),
    Case(
      name: "drained, 20 ms after the last commit", recordsSince: 9_990, lastCommit: 9_980, atEnd: true,
      lastAtEnd: 10_000, due: true),
    Case(name: "99 ms of a steady stream", recordsSince: 9_901, lastAtEnd: 9_500, due: false),
    Case(name: "100 ms of a steady stream", recordsSince: 9_900, lastAtEnd: 9_500, due: true),
    Case(name: "100 ms of a replay", recordsSince: 9_900, lastAtEnd: nil, due: false),
    Case(name: "4,999 ms of a replay", recordsSince: 5_001, lastAtEnd: nil, due: false),
    Case(name: "5,000 ms of a replay", recordsSince: 5_000, lastAtEnd: nil, due: true),
    Case(
      name: "6,999 ms of a replay from nothing", recordsSince: 3_001, startedFromNothing: true, due: false),
    Case(name: "7,000 ms of a replay from nothing", recordsSince: 3_000, startedFromNothing: true, due: true),
    Case(name: "fallen behind for a second", recordsSince: 9_000, lastAtEnd: 8_999, due: false),
    Case(
      name: "at the end 4 s after it fell behind, and quiet for 999 ms", recordsSince: 5_000, atEnd: true,
      lastAtEnd: 9_500, catchUp: (5_000, 9_001, 9_500), due: false),
    Case(
      name: "at the end 4 s after it fell behind, and quiet for a second", recordsSince: 5_000, atEnd: true,
      lastAtEnd: 9_500, catchUp: (5_000, 9_000, 9_500), due: true),
    Case(
      name: "at the end 40 ms after it fell behind, and quiet for 10 ms", recordsSince: 9_950, atEnd: true,
      lastAtEnd: 10_000, catchUp: (9_950, 9_990, 9_995), due: true),
    Case(
      name: "2,000 records after it fell behind, and quiet for 99 ms", recordsSince: 9_900, atEnd: true,
      lastAtEnd: 10_000, catchUp: (9_900, 9_901, 9_901), records: 2_000, due: false),
    Case(
      name: "2,000 records after it fell behind, and quiet for 100 ms", recordsSince: 9_900, atEnd: true,
      lastAtEnd: 10_000, catchUp: (9_900, 9_900, 9_900), records: 2_000, due: true),
    Case(
      name: "for the first time at the end 5 s ago, and never quiet", recordsSince: 9_900, atEnd: true,
      lastAtEnd: 9_999, catchUp: (1_000, 10_000, 5_000), due: true),
    Case(
      name: "not at the end for the moment, 200 ms after it first was", recordsSince: 9_800, lastAtEnd: 9_900,
      catchUp: (5_000, 10_000, 9_800), due: false),
    Case(name: "markers only, at once", positionsSince: 9_999, atEnd: true, lastAtEnd: 10_000, due: false),
    Case(
      name: "markers only, for a second", positionsSince: 9_000, atEnd: true, lastAtEnd: 10_000, due: true),
  ])
  func isDue(_ test: Case) {
    #expect(
      policy.isDue(
        now: 10_000, recordsSince: test.recordsSince, positionsSince: test.positionsSince,
        lastCommit: test.lastCommit, atEnd: test.atEnd, lastAtEnd: test.lastAtEnd,
        startedFromNothing: test.startedFromNothing,
        catchUp: test.catchUp.map { since, lastRecords, atEndSince in
          var catchUp = CommitPolicy.CatchUp(since: since)
          (catchUp.lastRecords, catchUp.atEndSince) = (lastRecords, atEndSince)
          catchUp.records = test.records
          return catchUp
        }) == test.due)
  }
}
