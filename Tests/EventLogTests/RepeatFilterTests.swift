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
    #expect(filter.admit("down", now: 0) == "down")
    for _ in 0..<5 { #expect(filter.admit("down", now: 0.5) == nil) }
    #expect(filter.admit("down", now: 1) == "down (and 5 more like it)")
  }

  @Test func othersAreNotHeldBack() {
    var filter = RepeatFilter()
    #expect(filter.admit("one", now: 0) == "one")
    #expect(filter.admit("two", now: 0) == "two")
  }

  @Test func areNewsAfterALongSilence() {
    var filter = RepeatFilter()
    for second in 0..<100 { _ = filter.admit("down", now: Double(second)) }
    #expect(filter.admit("down", now: 10_000) == "down")
    #expect(filter.admit("down", now: 10_001) != nil)
  }
}
