/// A seed that fails, for people.
package struct FailingSeed: Sendable, CustomStringConvertible {
  package var seed: UInt64
  package var failure: String
  package var planted: PlantedBug?

  package init(seed: UInt64, failure: String, planted: PlantedBug? = nil) {
    self.seed = seed
    self.failure = failure
    self.planted = planted
  }

  /// What runs it again, alone, and shrinks it.
  package var command: String {
    "scripts/simulate --seed \(seed)" + (planted.map { " --planted \($0.name)" } ?? "")
  }

  package var description: String { "seed \(seed): \(failure)\n  replay it: \(command)" }
}
