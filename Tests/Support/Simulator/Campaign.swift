import Dispatch
import Synchronization

/// Runs many seeds, on all cores.
package final class Campaign: Sendable {
  package struct Result: Sendable {
    package var failing: [FailingSeed] = []
    package var runs = 0
    /// Records that subscribers saw.
    package var seen = 0
    /// Runs in which the program refused to go on without its history.
    package var refused = 0
    /// Equal for equal campaigns.
    package var traceHash: UInt64 = 0
  }

  private let result = Mutex(Result())
  private let failed: @Sendable (FailingSeed) -> Void

  /// `failed` is told of each failing seed at once.
  package init(failed: @escaping @Sendable (FailingSeed) -> Void = { _ in }) { self.failed = failed }

  package func run(_ seeds: ClosedRange<UInt64>, _ planted: PlantedBug? = nil) -> Result {
    let pieces = seeds.count / 20 + 1
    DispatchQueue.concurrentPerform(iterations: pieces) { piece in
      for seed in seeds where (seed - seeds.lowerBound) % UInt64(pieces) == UInt64(piece) {
        run(seed, planted)
      }
    }
    var all = result.withLock { $0 }
    all.failing.sort { $0.seed < $1.seed }
    return all
  }

  private func run(_ seed: UInt64, _ bug: PlantedBug?) {
    let outcome = Scenario(seed: seed).run(bug?.planted ?? .nothing)
    let failing = outcome.failure.map { FailingSeed(seed: seed, failure: $0, planted: bug) }
    if let failing { failed(failing) }
    result.withLock { result in
      result.runs += 1
      result.seen += outcome.seen
      result.refused += outcome.isRefused ? 1 : 0
      // A sum, so that it does not depend on which seed ends first.
      result.traceHash &+= outcome.traceHash &* (2 &* seed &+ 1)
      if let failing { result.failing.append(failing) }
    }
  }
}
