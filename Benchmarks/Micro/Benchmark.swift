import Foundation

/// A piece of work done many times over.
struct Benchmark {
  var name: String
  /// How many operations one call of `body` is.
  var operations: Int
  /// Makes what is needed and returns the work that is measured.
  var prepare: () -> () -> Void

  /// Runs the work a few times and prints the best.
  func run() {
    var best = Double.infinity
    for _ in 0..<3 {
      let body = prepare()
      let start = ContinuousClock.now
      body()
      let elapsed = ContinuousClock.now - start
      best = min(
        best, Double(elapsed.components.attoseconds) / 1e9 + Double(elapsed.components.seconds) * 1e9)
    }
    print(
      name.padding(toLength: 40, withPad: " ", startingAt: 0),
      String(format: "%10.1f ns each, %d operations", best / Double(operations), operations))
  }
}
