import Foundation
import Indicators
import Randomness
import Testing

@Suite("Rankings, beside a sorted array")
struct OrderStatisticsTests {
  /// The seed of the first set; PARTNERPULSE_PROPERTY_SEED says another one.
  private static let firstSeed =
    ProcessInfo.processInfo.environment["PARTNERPULSE_PROPERTY_SEED"].flatMap { UInt64($0) } ?? 1

  /// A value of a narrow or a wide range, often zero.
  private func value(_ random: inout SplitMix64, unit: Int64?, shift: Int) -> Ratio {
    let numerator = random.percent(30) ? 0 : Int64(bitPattern: random.next()) >> Int64(shift)
    guard unit == nil else { return Ratio(numerator, over: unit ?? 1) }
    return Ratio(numerator.magnitude > 1 << 62 ? 1 : abs(numerator), over: 12 * Int64(1 + random.below(40)))
  }

  @Test("rank what was put in", arguments: (0..<40).map { firstSeed + $0 })
  func ranking(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let unit: Int64? = random.pick([nil, 1, 12, 1_000_000])
    let partners = random.pick([1, 5, 300, 70_000])
    var shift = random.pick([58, 50, 30])
    var ranking = OrderStatistics(unit: unit)
    var model: [Int32: Ratio] = [:]
    for step in 0..<3_000 {
      // Now and then greater values come, or the ranking shrinks.
      if random.below(1_000) == 0 { shift = random.pick([60, 40, 2]) }
      let slot = Int32(random.below(partners))
      let isLeaving = random.percent(step % 1_000 > 700 ? 70 : 20)
      let new = isLeaving ? nil : value(&random, unit: unit, shift: shift)
      if random.percent(50), let new, model[slot] == nil {
        ranking.add(new, slot: slot)
        model[slot] = new
        // Alone, or with many others.
        for _ in 0..<random.pick([0, 0, 5, 200]) {
          let (slot, new) = (Int32(random.below(partners)), value(&random, unit: unit, shift: shift))
          if model[slot] == nil {
            ranking.add(new, slot: slot)
            model[slot] = new
          }
        }
        ranking.settle()
      } else {
        ranking.replace(model[slot], with: new, slot: slot)
        model[slot] = new
      }
      if step % 1_000 == 999 { try check(ranking, model, &random, "seed \(seed), step \(step)") }
    }
    let copy = ranking
    for (slot, value) in model { ranking.replace(value, with: nil, slot: slot) }
    #expect(ranking.count == 0, "seed \(seed)")
    try check(copy, model, &random, "seed \(seed), a copy")
  }

  private func check(
    _ ranking: OrderStatistics, _ model: [Int32: Ratio], _ random: inout SplitMix64, _ place: Comment
  ) throws {
    let sorted = model.sorted { $0.value < $1.value }
    /// How many values do not exceed `value`, by bisection.
    func countThrough(_ value: Ratio) -> Int {
      var range = 0..<sorted.count
      while !range.isEmpty {
        let middle = (range.lowerBound + range.upperBound) / 2
        range = sorted[middle].value <= value ? middle + 1..<range.upperBound : range.lowerBound..<middle
      }
      return range.lowerBound
    }
    #expect(ranking.count == sorted.count, place)
    #expect(slots { ranking.forEachSlot($0) } == model.keys.sorted(), place)
    for _ in 0..<min(20, sorted.count) {
      let rank = random.below(sorted.count)
      #expect(ranking.value(rank: rank + 1) == sorted[rank].value, place)
      let (one, other) = (sorted[rank].value, sorted[random.below(sorted.count)].value)
      #expect(ranking.count(through: one) == countThrough(one), place)
      let (low, high) = (min(one, other), max(one, other))
      #expect(
        slots { ranking.forEachSlot(above: low, through: high, $0) }
          == sorted[countThrough(low)..<countThrough(high)].map(\.key).sorted(), place)
    }
  }

  private func slots(_ forEach: ((Int32) -> Void) -> Void) -> [Int32] {
    var slots: [Int32] = []
    forEach { slots.append($0) }
    return slots.sorted()
  }
}
