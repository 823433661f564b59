import Randomness
import SQLiteLog
import Testing

@Suite struct AssignmentTests {
  @Test func aTaskMovesOnlyAfterItsRelease() {
    var assignment = Assignment(tasks: 4)
    assignment.join(1)
    #expect(assignment.take(by: 1) == [0, 1, 2, 3])
    assignment.join(2)
    let moving = assignment.toRevoke(from: 1)
    #expect(moving.count == 2)
    #expect(assignment.take(by: 2).isEmpty)
    assignment.release(moving, by: 1)
    #expect(assignment.take(by: 1).isEmpty)
    #expect(assignment.take(by: 2) == moving)
    #expect(assignment.toRevoke(from: 1).isEmpty)
  }

  @Test func aMemberThatLeavesFreesWhatItHas() {
    var assignment = Assignment(tasks: 3)
    assignment.join(1)
    assignment.join(2)
    let first = assignment.take(by: 1)
    let second = assignment.take(by: 2)
    #expect(Set(first + second) == [0, 1, 2])
    assignment.leave(1)
    #expect(assignment.take(by: 2) == first)
    assignment.leave(2)
    assignment.join(3)
    #expect(assignment.take(by: 3) == [0, 1, 2])
  }

  @Test func moreMembersThanTasksLeaveSomeIdle() {
    var assignment = Assignment(tasks: 1)
    assignment.join(1)
    assignment.join(2)
    #expect(assignment.take(by: 2).isEmpty)
    #expect(assignment.take(by: 1) == [0])
    #expect(assignment.toRevoke(from: 1).isEmpty)
  }

  /// After any joins and leaves: every task has one owner, counts differ by one at most, and one change moves no more
  /// tasks between members that stay than it must.
  @Test(arguments: 0..<20)
  func randomChangesStayBalanced(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let tasks = Int32.random(in: 1...17, using: &random)
    var assignment = Assignment(tasks: tasks)
    var owned: [Int: Set<Int32>] = [:]
    var next = 0
    for _ in 0..<40 {
      if owned.isEmpty || (owned.count < 6 && Bool.random(using: &random)) {
        next += 1
        owned[next] = []
        assignment.join(next)
      } else if let leaver = assignment.members.randomElement(using: &random) {
        owned[leaver] = nil
        assignment.leave(leaver)
      }
      var moved = 0
      for member in assignment.members {
        let revoked = assignment.toRevoke(from: member)
        moved += revoked.count
        owned[member]?.subtract(revoked)
        assignment.release(revoked, by: member)
      }
      for member in assignment.members { owned[member]?.formUnion(assignment.take(by: member)) }
      let counts = owned.values.map(\.count)
      guard let most = counts.max(), let least = counts.min() else { continue }
      #expect(most - least <= 1)
      #expect(counts.reduce(0, +) == Int(tasks))
      #expect(owned.values.reduce(into: Set()) { $0.formUnion($1) }.count == Int(tasks))
      // Only a newcomer takes something from those who stay, and no more than it ends up with.
      #expect(moved <= owned[next]?.count ?? 0)
    }
  }
}
