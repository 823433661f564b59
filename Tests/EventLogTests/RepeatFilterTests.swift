import EventLog
import Testing

@Suite("Repeated messages") struct RepeatFilterTests {
  // Holds REL-54.
  @Test func comeAtAFallingRate() {
    var filter = RepeatFilter()
    var printed: [Int] = []
    for second in 0..<3_600 where filter.admit("broker \(second) is down", now: Double(second)) != nil {
      printed.append(second)
    }
    #expect(printed.prefix(7) == [0, 1, 3, 7, 15, 31, 63])
    #expect(printed.count < 25)
  }

  @Test func sayHowManyWereLeftOut() {
    var filter = RepeatFilter()
    #expect(filter.admit("down", now: 0) == 0)
    for _ in 0..<5 { #expect(filter.admit("down", now: 0.5) == nil) }
    #expect(filter.suppressed.map(\.text) == ["down"] && filter.suppressed.map(\.count) == [5])
    #expect(filter.admit("down", now: 1) == 5)
    #expect(filter.suppressed.isEmpty)
  }

  @Test func othersAreNotHeldBack() {
    var filter = RepeatFilter()
    #expect(filter.admit("one", now: 0) == 0)
    #expect(filter.admit("two", now: 0) == 0)
    #expect(filter.admit("task 1", about: "1", now: 0) == 0)
    #expect(filter.admit("task 2", about: "2", now: 0) == 0)
    #expect(filter.admit("task 2", about: "2", now: 0) == nil)
  }

  @Test func areNewsAfterALongSilence() {
    var filter = RepeatFilter()
    for second in 0..<100 { _ = filter.admit("down", now: Double(second)) }
    #expect(filter.admit("down", now: 10_000) == 0)
    #expect(filter.admit("down", now: 10_001) != nil)
  }
}
