import Platform
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct StopSignalTests {
  @Test func waitingEndsWithTheTime() {
    let stop = StopSignal()
    let start = ContinuousClock.now
    #expect(!stop.wait(for: .milliseconds(30)))
    #expect(ContinuousClock.now - start >= .milliseconds(30))
    #expect(!stop.isStopped)
  }

  @Test func everyoneWhoWaitsIsWoken() {
    let stop = StopSignal()
    let woken = Mutex(0)
    let threads = ThreadGroup()
    for number in 0..<8 {
      threads.start(named: "waits") {
        // Some wait for ever.
        if number.isMultiple(of: 2) { stop.wait() } else { while !stop.wait(for: .seconds(600)) {} }
        woken.withLock { $0 += 1 }
      }
    }
    #expect(woken.withLock { $0 } == 0)
    stop.stop()
    threads.wait()
    #expect(woken.withLock { $0 } == 8)
  }

  @Test func whatIsStoppedStaysStopped() {
    let stop = StopSignal()
    for _ in 0..<100_000 { stop.stop() }
    #expect(stop.isStopped && stop.wait(for: .seconds(600)))
    stop.wait()
  }
}
