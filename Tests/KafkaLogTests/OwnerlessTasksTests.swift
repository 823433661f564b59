import KafkaLog
import Testing

@Suite struct OwnerlessTasksTests {
  @Test func tasksThatAllHaveOwnersNeedNoSecondLook() {
    var tasks = OwnerlessTasks(count: 3)
    #expect(tasks.judge(owned: [2, 0, 1]) == .none)
  }

  @Test func tasksWithoutOwnerAreToldTheThirdTime() {
    var tasks = OwnerlessTasks(count: 4)
    #expect(tasks.judge(owned: [1, 3]) == .undecided)
    #expect(tasks.judge(owned: [1, 3]) == .undecided)
    #expect(tasks.judge(owned: [1, 3]) == .some([0, 2]))
  }

  @Test(arguments: [nil, [0], []] as [Set<Int32>?])
  func aGroupThatWasNotAtRestIsGivenMoreTime(between: Set<Int32>?) {
    var tasks = OwnerlessTasks(count: 3)
    for _ in 0..<3 {
      #expect(tasks.judge(owned: [1]) == .undecided)
      #expect(tasks.judge(owned: [1]) == .undecided)
      #expect(tasks.judge(owned: between) == .undecided)
    }
  }

  @Test func aGroupOfWhichNothingIsKnownIsAskedAgain() {
    var tasks = OwnerlessTasks(count: 2)
    for _ in 0..<5 { #expect(tasks.judge(owned: nil) == .undecided) }
    #expect(tasks.judge(owned: [0, 1]) == .none)
  }
}
