import Foundation
import Testing

@Suite("Random event sets, through the incremental pipeline")
struct RandomScenarioTests {
  private static let shards = 16

  /// How many sets to try; PARTNERPULSE_PROPERTY_SETS says another number.
  private static let sets =
    ProcessInfo.processInfo.environment["PARTNERPULSE_PROPERTY_SETS"].flatMap { Int($0) } ?? 5000

  /// The seed of the first set; PARTNERPULSE_PROPERTY_SEED says another one.
  private static let firstSeed =
    ProcessInfo.processInfo.environment["PARTNERPULSE_PROPERTY_SEED"].flatMap { UInt64($0) } ?? 1

  // Holds REL-1, SEM-5, SEM-8.
  @Test("give what the reference model gives, whenever asked", arguments: 0..<shards)
  func randomSets(shard: Int) throws {
    for number in stride(from: shard, to: Self.sets, by: Self.shards) {
      let seed = Self.firstSeed + UInt64(number)
      let scenario = Scenario(seed: seed)
      guard try scenario.failure() != nil else { continue }
      let smallest = try scenario.shrunk()
      Issue.record("seed \(seed): \(try smallest.failure() ?? "")\n\(smallest)")
      return
    }
  }
}
