import Dashboard
import Randomness
import Testing

@Suite struct AxisTests {
  @Test(
    arguments: [
      ([0.0, 100], [0.0, 25, 50, 75, 100]), ([3, 7], [0, 2, 4, 6, 8]), ([-30, 80], [-50, 0, 50, 100]),
      ([0.012, 0.04], [0, 0.01, 0.02, 0.03, 0.04]), ([], [0, 0.25, 0.5, 0.75, 1]), ([-5], [-6, -4, -2, 0]),
    ] as [([Double], [Double])])
  func ticksAreRound(_ values: [Double], _ ticks: [Double]) {
    let axis = Axis(over: values, isWhole: false)
    #expect(axis.ticks.count == ticks.count)
    for (tick, wanted) in zip(axis.ticks, ticks) { #expect(abs(tick - wanted) < 1e-9) }
  }

  @Test func countsHaveNoHalves() {
    #expect(Axis(over: [0, 2], isWhole: true).ticks == [0, 1, 2])
    #expect(Axis(over: [0, 9], isWhole: true).ticks == [0, 3, 6, 9])
    #expect(Axis(over: [], isWhole: true).ticks == [0, 1])
  }

  @Test func allValuesAreOnIt() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    for _ in 0..<1_000 {
      let top: Double = [1e-6, 1, 1e3, 1e12, 1e18].randomElement(using: &random) ?? 1
      let values = (0..<12).map { _ in Double.random(in: -top...top, using: &random) }
      let axis = Axis(over: values, isWhole: Bool.random(using: &random))
      #expect((2...8).contains(axis.ticks.count), "\(axis.ticks), seed \(seed)")
      #expect(axis.ticks.contains { abs($0) < top * 1e-9 }, "seed \(seed)")
      let (first, last) = (axis.ticks[0], axis.ticks[axis.ticks.count - 1])
      for value in values {
        #expect(value >= first && value <= last, "\(value) of \(axis.ticks), seed \(seed)")
      }
      #expect(axis.place(of: first) == 0 && axis.place(of: last) == 1)
    }
  }
}
