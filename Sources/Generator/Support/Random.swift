import Randomness

/// Reproducible random numbers: xoshiro256** (Blackman and Vigna), seeded by SplitMix64. The same on every machine: whole
/// numbers only.
struct Random {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// What a sequence is for. Each entity draws from a sequence of its own, so that an additional draw for one of them does
  /// not change all that follow.
  enum Purpose: UInt64 {
    case partner = 1
    case customer
    case user
    case people
    case activity
    case live
    case sizes
  }

  init(seed: UInt64, _ purpose: Purpose, _ index: Int = 0) {
    let start = seed ^ SplitMix64.mix(purpose.rawValue &* 0x9e37_79b9_7f4a_7c15)
    var mixer = SplitMix64(
      seed: start &+ SplitMix64.mix(UInt64(truncatingIfNeeded: index) &+ 0x632b_e59b_d9b4_e019))
    state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  mutating func next() -> UInt64 {
    func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 { value << count | value >> (64 - count) }
    let result = rotated(state.1 &* 5, 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotated(state.3, 45)
    return result
  }

  /// 0 ..< `count`, which is at least one. (By multiplication; for these counts its bias is below 2^-30.)
  mutating func below(_ count: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(truncatingIfNeeded: max(1, count))).high)
  }

  mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.upperBound - range.lowerBound + 1)
  }

  /// True `count` times in a thousand.
  mutating func perMille(_ count: Int) -> Bool { below(1000) < count }

  /// True `count` times in a hundred.
  mutating func percent(_ count: Int) -> Bool { below(100) < count }

  /// One of `choices`, which are not empty.
  mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }
}
