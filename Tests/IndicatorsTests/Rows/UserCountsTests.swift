import Foundation
import Indicators
import Randomness
import Testing

@Suite("Counts of users, beside a dictionary")
struct UserCountsTests {
  /// The seed of the first set; PARTNERPULSE_PROPERTY_SEED says another one.
  private static let firstSeed =
    ProcessInfo.processInfo.environment["PARTNERPULSE_PROPERTY_SEED"].flatMap { UInt64($0) } ?? 1

  @Test("however great they become", arguments: (0..<60).map { firstSeed + $0 })
  func counting(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var counts = UserCounts()
    let aggregates = 1 + random.below(20)
    for _ in 0..<aggregates { counts.addAggregate() }
    var (active, changes) = ([Int: [Int: Int32]](), [Int: [Int: Int32]]())
    for _ in 0..<3_000 {
      if random.below(2_000) == 0 {
        counts.removeAll()
        (active, changes) = ([:], [:])
      }
      let aggregate = random.below(aggregates)
      // Many users at once, which no event brings, so that counts of every width occur.
      let delta = Int32(random.below(random.pick([2, 50, 20_000]))) * (random.percent(50) ? 1 : -1)
      let (months, trailing) = (random.next() & random.next() & random.next(), random.next() & random.next())
      counts.add(delta, months: months, trailing: trailing, of: aggregate)
      for month in 0..<64 {
        if months >> UInt64(month) & 1 == 1 { active[aggregate, default: [:]][month, default: 0] += delta }
        let (now, before) = (trailing >> UInt64(month) & 1, month > 0 ? trailing >> UInt64(month - 1) & 1 : 0)
        if now != before {
          changes[aggregate, default: [:]][month, default: 0] += now > before ? delta : -delta
        }
      }
    }
    for aggregate in 0..<aggregates {
      var (foundActive, foundChanges) = ([Int: Int32](), [Int: Int32]())
      var last: Int32 = -1
      counts.forEachMonth(of: aggregate) { month, active, change in
        #expect(month > last, "seed \(seed)")
        last = month
        if active != 0 { foundActive[Int(month)] = active }
        if change != 0 { foundChanges[Int(month)] = change }
      }
      #expect(foundActive == active[aggregate, default: [:]].filter { $0.value != 0 }, "seed \(seed)")
      #expect(foundChanges == changes[aggregate, default: [:]].filter { $0.value != 0 }, "seed \(seed)")
    }
  }
}
