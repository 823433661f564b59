import KafkaLog
import Testing

/// What librdkafka's assignor was seen to do.
@Suite struct ExpectedTasksTests {
  @Test func aNewMemberGetsTheFirstTasksOfThoseWhoHaveMost() {
    #expect(ExpectedTasks.moving(from: [[0, 1, 2, 3]], to: 1) == [[0, 1]])
    #expect(ExpectedTasks.moving(from: [Array(0..<12)], to: 1) == [[0, 1, 2, 3, 4, 5]])
    #expect(ExpectedTasks.moving(from: [Array(6..<12), Array(0..<6)], to: 1) == [[0, 1, 6, 7]])
    let three: [[Int32]] = [[8, 9, 10, 11], [2, 3, 4, 5], [0, 1, 6, 7]]
    #expect(ExpectedTasks.moving(from: three, to: 1) == [[0, 2, 8]])
    #expect(ExpectedTasks.moving(from: [[2, 3], [1], [0]], to: 1) == [[2]])
  }

  @Test func thoseThatJoinTogetherShare() {
    #expect(ExpectedTasks.moving(from: [[0, 1, 2, 3, 4, 5]], to: 2) == [[0, 2], [1, 3]])
  }

  @Test func nothingMovesWhereNobodyHasMore() {
    #expect(ExpectedTasks.moving(from: [], to: 1) == [[]])
    #expect(ExpectedTasks.moving(from: [[0], [1]], to: 1) == [[]])
  }
}
