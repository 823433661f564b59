import Testing
import Topology

@Suite("How much a transaction holds") struct TransactionBudgetTests {
  private func budget() -> TransactionBudget {
    TransactionBudget(first: 1 << 20, most: 64 << 20, time: 1_000)
  }

  // Holds REL-51.
  @Test func growsWhereBrokersAreFast() {
    var budget = budget()
    for _ in 0..<10 { budget.succeeded(budget.bytes, milliseconds: 10) }
    #expect(budget.bytes == 64 << 20)
  }

  @Test(arguments: [20_000, 60_000, 1_000_000])
  func comesToWhatASlowBrokerTakesInItsTime(bytesPerSecond: Int) {
    var budget = budget()
    for _ in 0..<30 {
      let written = budget.bytes
      budget.succeeded(written, milliseconds: Int64(written * 1_000 / bytesPerSecond))
    }
    #expect((bytesPerSecond * 9 / 10...bytesPerSecond * 11 / 10).contains(budget.bytes))
  }

  @Test func aSmallOneSaysLittle() {
    var budget = budget()
    budget.succeeded(100, milliseconds: 900)
    #expect(budget.bytes == 1 << 20)
  }

  @Test func shrinksAfterAFailureButNotToNothing() {
    var budget = budget()
    budget.failed(1 << 20)
    #expect(budget.bytes == 1 << 18)
    for _ in 0..<20 { budget.failed(budget.bytes) }
    #expect(budget.bytes == TransactionBudget.least)
  }
}

@Suite("Growing pauses") struct BackoffTests {
  // Holds REL-54.
  @Test func doubleUpToTheLongest() {
    var backoff = Backoff(first: 100, longest: 1_000)
    var now: Int64 = 0
    var pauses: [Int64] = []
    for _ in 0..<6 {
      let next = backoff.failed(now: now)
      pauses.append(next - now)
      now = next
    }
    #expect(pauses == [100, 200, 400, 800, 1_000, 1_000])
  }

  @Test func startAnewAfterSuccessOrALongTime() {
    var backoff = Backoff(first: 100, longest: 1_000)
    _ = backoff.failed(now: 0)
    _ = backoff.failed(now: 100)
    backoff.succeeded()
    #expect(backoff.failed(now: 300) == 400)
    _ = backoff.failed(now: 400)
    #expect(backoff.failed(now: 10_000) == 10_100)
  }
}
