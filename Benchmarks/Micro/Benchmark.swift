import Foundation

/// A piece of work done many times over.
struct Benchmark {
  var name: String
  /// How many operations one call of the work is.
  var operations: Int
  /// Makes what is needed and returns the work that is measured.
  var prepare: () -> () -> Void

  /// Runs the work and prints the best time of three; `once` runs it once.
  func run(once: Bool) {
    var best = Double.infinity
    for _ in 0..<(once ? 1 : 3) {
      let work = prepare()
      let start = ContinuousClock.now
      measuredWork(work)
      let elapsed = ContinuousClock.now - start
      best = min(
        best, Double(elapsed.components.attoseconds) / 1e9 + Double(elapsed.components.seconds) * 1e9)
    }
    print(
      name.padding(toLength: 40, withPad: " ", startingAt: 0),
      String(format: "%10.1f ns each, %d operations", best / Double(operations), operations))
  }
}

/// A function of its own, so that callgrind can be told to count in it alone.
@inline(never)
private func measuredWork(_ work: () -> Void) { work() }
