import Contract
import Foundation
import Indicators
import Randomness
import Testing

/// A month's components, as plainly as can be.
private typealias Model = [Int32: [Component: Int64]]

@Suite("Packed rows, beside a dictionary")
struct PackedRowsTests {
  /// The seed of the first set; PARTNERPULSE_PROPERTY_SEED says another one.
  private static let firstSeed =
    ProcessInfo.processInfo.environment["PARTNERPULSE_PROPERTY_SEED"].flatMap { UInt64($0) } ?? 1
  private static let seeds = (0..<400).map { firstSeed + $0 }

  /// Mostly months of a few years and small numbers, and now and then all that is possible.
  private struct Draw {
    var random: SplitMix64
    private let months: Range<Int32>

    init(seed: UInt64) {
      random = SplitMix64(seed: seed)
      let spans: [Range<Int32>] = [300..<330, 300..<330, 280..<1600, -100..<400, -120_000..<120_000]
      months = random.pick(spans)
    }

    mutating func month() -> Int32 { months.lowerBound + Int32(random.below(months.count)) }

    mutating func value() -> Int64 {
      let value = Int64(bitPattern: random.next()) >> Int64(random.below(64))
      return random.percent(50) ? value % 5 : value
    }
  }

  @Test("add as the dictionary does", arguments: seeds)
  func adding(seed: UInt64) {
    var draw = Draw(seed: seed)
    var (packed, model) = (PackedRows(), Model())
    var copies: [(PackedRows, Model)] = []
    for step in 0..<300 {
      let (month, component) = (draw.month(), draw.random.pick(Component.allCases))
      let before = model[month]?[component] ?? 0
      // Often what was added is taken back.
      let delta = draw.random.percent(30) ? 0 &- before : draw.value()
      let sum = packed.add(delta, to: component, in: Month(index: month))
      model[month, default: [:]][component] = before &+ delta
      #expect(sum == before &+ delta, "seed \(seed), step \(step)")
      if draw.random.percent(3) { packed.trim() }
      if draw.random.percent(3) { copies.append((packed, model)) }
    }
    for (packed, model) in copies + [(packed, model)] {
      #expect(packed.rows == rows(of: model), "seed \(seed)")
      var trimmed = packed
      trimmed.trim()
      #expect(trimmed.rows == packed.rows, "seed \(seed)")
      #expect(trimmed.byteCount == PackedRows(rows(of: model)).byteCount, "seed \(seed)")
    }
  }

  @Test("replace a part as the dictionary does", arguments: seeds)
  func replacing(seed: UInt64) {
    var draw = Draw(seed: seed)
    let (others, old, new) = (model(&draw), model(&draw), model(&draw))
    let before = sum(of: others, old)
    let (after, outOfRange) = PackedRows(rows(of: before)).replacing(
      PackedRows(rows(of: old)), with: PackedRows(rows(of: new)))
    let expected = rows(of: sum(of: others, new))
    #expect(after.rows == expected, "seed \(seed)")
    #expect(after.byteCount == PackedRows(expected).byteCount, "seed \(seed)")
    let isNegative = expected.contains { min($0.values[.billedMicros], $0.values[.creditedMicros]) < 0 }
    #expect((outOfRange != nil) == isNegative, "seed \(seed)")
  }

  @Test("find the first month that differs", arguments: seeds)
  func differing(seed: UInt64) {
    var draw = Draw(seed: seed)
    let one = model(&draw)
    var other = one
    for _ in 0..<draw.random.below(4) {
      other[draw.month(), default: [:]][draw.random.pick(Component.allCases)] = draw.value()
    }
    let (left, right) = (PackedRows(rows(of: one)), PackedRows(rows(of: other)))
    let months = Set(one.keys).union(other.keys)
      .filter { month in
        Component.allCases.contains { (one[month]?[$0] ?? 0) != (other[month]?[$0] ?? 0) }
      }
    #expect(left.firstDifference(from: right)?.index == months.min(), "seed \(seed)")
    #expect(right.firstDifference(from: left)?.index == months.min(), "seed \(seed)")
    #expect((left == right) == months.isEmpty, "seed \(seed)")
  }

  private func model(_ draw: inout Draw) -> Model {
    var model = Model()
    for _ in 0..<draw.random.below(40) {
      model[draw.month(), default: [:]][draw.random.pick(Component.allCases)] = draw.value()
    }
    return model
  }

  private func sum(of left: Model, _ right: Model) -> Model {
    left.merging(right) { $0.merging($1) { $0 &+ $1 } }
  }

  private func rows(of model: Model) -> [MonthRow] {
    model.sorted { $0.key < $1.key }
      .compactMap { month, components in
        var values = ComponentValues()
        for (component, value) in components { values[component] = value }
        return values.isZero ? nil : MonthRow(month: month, values: values)
      }
  }
}
