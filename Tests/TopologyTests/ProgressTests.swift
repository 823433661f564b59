import Testing
import Topology

@Suite struct ProgressTests {
  @Test(arguments: [(0, 0, 1.0), (0, 10, 0), (5, 10, 0.5), (10, 10, 1), (12, 10, 1)])
  func shareIsFromZeroToOne(done: Int64, total: Int64, share: Double) {
    #expect(Progress(done: done, total: total).share == share)
  }

  @Test func theRestTakesAsLongAsItDidSoFar() {
    let now = Progress(done: 400, total: 1000)
    #expect(now.secondsLeft(since: Progress(done: 100, total: 900), elapsed: 3) == 6)
    #expect(Progress(done: 1000, total: 1000).secondsLeft(since: now, elapsed: 3) == 0)
  }

  @Test func whatStandsStillTellsNothing() {
    let now = Progress(done: 400, total: 1000)
    #expect(now.secondsLeft(since: now, elapsed: 3) == nil)
    #expect(now.secondsLeft(since: Progress(done: 0, total: 1000), elapsed: 0) == nil)
  }
}
