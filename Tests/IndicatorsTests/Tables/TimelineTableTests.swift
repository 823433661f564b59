import Contract
import Foundation
import Indicators
import Randomness
import Testing

@Suite("Tables of facts and timelines, beside dictionaries")
struct TimelineTableTests {
  /// The seed of the first set; PARTNERPULSE_PROPERTY_SEED says another one.
  private static let firstSeed =
    ProcessInfo.processInfo.environment["PARTNERPULSE_PROPERTY_SEED"].flatMap { UInt64($0) } ?? 1
  private static let seeds = (0..<60).map { firstSeed + $0 }

  /// Of a few things or many, by chance with halves that are equal.
  private func identity(_ random: inout SplitMix64, of things: Int) -> Identity {
    let thing = UInt64(random.below(things))
    return Identity(low: SplitMix64.mix(thing), high: SplitMix64.mix(thing / 3))
  }

  @Test("keep the newest fact of each identity", arguments: seeds)
  func facts(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let things = random.pick([1, 20, 5_000])
    var table = FactTable<Int64>()
    var (model, order) = ([Identity: Int64](), [Identity]())
    for _ in 0..<4_000 {
      let (identity, fact) = (identity(&random, of: things), Int64(bitPattern: random.next()))
      // An expectation at each step would take longer than the rest.
      guard table.number(of: identity).map({ table[$0] }) == model[identity] else {
        Issue.record("seed \(seed): another fact of \(identity)")
        return
      }
      if let number = table.number(of: identity) {
        table[number] = fact
      } else {
        #expect(Int(table.append(fact, of: identity)) == order.count, "seed \(seed)")
        order.append(identity)
      }
      model[identity] = fact
    }
    var found: [Identity] = []
    for number in 0..<Int32(table.count) {
      let identity = table.identity(of: number)
      #expect(table[number] == model[identity], "seed \(seed)")
      found.append(identity)
    }
    #expect(found == order && table.count == order.count, "seed \(seed)")
  }

  @Test("tell the months that a step changes", arguments: seeds)
  func timelines(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let things = random.pick([1, 20, 1_000])
    var table = TimelineTable<Int16>()
    var model: [Identity: (subscription: Int32, timeline: Timeline<Int16>)] = [:]
    for step in 0..<2_000 {
      let identity = identity(&random, of: things)
      let month = 86_400 * 31 * Int64(500 + random.below(12))
      let order = StepOrder(
        effectiveAt: Instant(Timestamp(seconds: month + Int64(random.below(3)), nanos: 0)),
        revision: Int64(random.below(3)))
      let state = Int16(random.below(3))
      var known = model[identity] ?? (Int32(step), Timeline())
      let months = known.timeline.effect(of: state, at: order)
      let old = known.timeline.state(in: months.lowerBound)
      known.timeline.insert(state, at: order)
      model[identity] = known
      var told: (months: Range<Month>, old: Int16?)?
      table.insert(state, at: order, of: identity, subscription: known.subscription) { told = ($0, $1) }
      // An expectation at each step would take longer than the rest.
      guard told?.months == (months.isEmpty ? nil : months), told?.old == (months.isEmpty ? nil : old) else {
        Issue.record("seed \(seed), step \(step): \(told as Any), not \(months) and \(old as Any)")
        return
      }
    }
    #expect(table.count == model.count, "seed \(seed)")
    for number in 0..<Int32(table.count) {
      let (identity, subscription, timeline) = table[number]
      #expect(subscription == model[identity]?.subscription, "seed \(seed)")
      let known = model[identity]?.timeline
      let differing = (-200..<400 as Range<Int32>).first {
        timeline.state(in: Month(index: $0)) != known?.state(in: Month(index: $0))
      }
      #expect(differing == nil, "seed \(seed)")
    }
  }

  @Test("sum amounts beyond 64 bits", arguments: seeds)
  func amounts(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let steps = random.pick([3, 50, 400])
    var attached = AttachedSeries()
    var model: [AttachedSeries.Amount: [Month: Int128]] = [:]
    for _ in 0..<steps {
      let (amount, month) = (
        random.pick(AttachedSeries.Amount.allCases), Month(index: Int32(random.below(4)))
      )
      // As large as a change can be, so that a few sums leave 64 bits.
      let delta = Int64(bitPattern: random.next()) >> Int64(random.pick([2, 2, 14, 40]))
      let sum = model[amount, default: [:]][month, default: 0]
      let added = random.percent(20) && sum.magnitude < 1 << 61 ? Int64(0 - sum) : delta
      attached.add(added, to: amount, in: month)
      model[amount, default: [:]][month] = sum + Int128(added)
    }
    for amount in AttachedSeries.Amount.allCases {
      let months = Month(index: Int32(random.below(3)))..<Month(index: 4)
      var found: [Month: Int64] = [:]
      attached.forEachSum(of: amount, in: months) { month, sum, hasMore in
        #expect(found.updateValue(sum, forKey: month) == nil, "seed \(seed)")
        #expect(hasMore == (Int64(exactly: model[amount]?[month] ?? 0) == nil), "seed \(seed)")
      }
      let expected = model[amount, default: [:]]
        .filter { months.contains($0.key) && $0.value != 0 }
        .mapValues { Int64(truncatingIfNeeded: $0) }
      #expect(found == expected, "seed \(seed)")
    }
  }

  @Test("tell the changes of assigned seats", arguments: seeds)
  func assignedSeats(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var attached = AttachedSeries()
    var levels = [Int64](repeating: 0, count: 40)
    for _ in 0..<random.below(30) {
      let (from, delta) = (random.below(30), Int64(random.below(5)) - 2)
      let until = random.percent(50) ? nil : from + 1 + random.below(5)
      attached.addAssigned(
        delta, during: Month(index: Int32(from))..<(until.map { Month(index: Int32($0)) } ?? .never))
      for month in from..<(until ?? levels.count) { levels[month] += delta }
    }
    let lower = random.below(30)
    let upper = random.percent(50) ? nil : lower + 1 + random.below(9)
    var changes = [Int64](repeating: 0, count: levels.count + 1)
    attached.forEachAssignedChange(
      during: Month(index: Int32(lower))..<(upper.map { Month(index: Int32($0)) } ?? .never)
    ) {
      changes[Int($0.index)] += $1
    }
    var level: Int64 = 0
    for month in levels.indices {
      level += changes[month]
      let isSeen = month >= lower && month < upper ?? levels.count
      #expect(level == (isSeen ? levels[month] : 0), "seed \(seed), month \(month)")
    }
  }
}
