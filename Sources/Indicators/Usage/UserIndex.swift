/// Finds a user's number by identity: open addressing over 32-bit slots, each a number and as many bits of the hash as
/// the number leaves room for, so that a probe into the wrong user's entry is rare.
///
/// Filled to 5/6 at most and grown by a quarter: 4.8 to 6 bytes a user.
struct UserIndex: ~Copyable {
  /// 0 is empty; otherwise tag bits above `numberBits`, and below them the number plus one.
  private var slots = Slab<UInt32>()
  private var numberBits: UInt32 = 0
  private(set) var count = 0

  init() { slots.reset(zeroed: 64) }

  var byteCount: Int { slots.byteCount }

  /// The user with this identity. Expected O(1): one cache line here, one for `isIdentity`.
  @inline(__always)
  func find(_ identity: Identity, isIdentity: (UInt32) -> Bool) -> UInt32? {
    let mask = (UInt32(1) &<< numberBits) &- 1
    let tag = tag(of: identity)
    var slot = home(of: identity)
    while true {
      let value = slots[slot]
      if value == 0 { return nil }
      if value & ~mask == tag {
        let number = (value & mask) &- 1
        if isIdentity(number) { return number }
      }
      slot += 1
      if slot == slots.count { slot = 0 }
    }
  }

  /// Whether one more user fits; if not, the owner calls `rebuild`.
  var hasRoom: Bool {
    (count + 1) * 6 <= slots.count * 5 && UInt64(count) + 1 < UInt64(1) << UInt64(numberBits)
  }

  /// Adds user number `count`, who is not in it.
  mutating func insert(_ identity: Identity) {
    insert(identity, number: UInt32(count))
    count += 1
  }

  /// Makes room for a quarter more than `count` users and takes them in again. O(count).
  mutating func rebuild(count: Int, identity: (Int) -> Identity) {
    let capacity = Swift.max(64, count + count / 4)
    numberBits = UInt32(UInt64.bitWidth - (UInt64(capacity) + 1).leadingZeroBitCount)
    precondition(numberBits < 32, "more users than a task can number")
    slots.reset(zeroed: capacity * 6 / 5 + 1)
    for number in 0..<count { insert(identity(number), number: UInt32(number)) }
    self.count = count
  }

  private mutating func insert(_ identity: Identity, number: UInt32) {
    var slot = home(of: identity)
    while slots[slot] != 0 {
      slot += 1
      if slot == slots.count { slot = 0 }
    }
    slots[slot] = tag(of: identity) | (number + 1)
  }

  /// The high half of the hash scaled to the table, so that its size need not be a power of two (Lemire, "A fast
  /// alternative to the modulo reduction").
  @inline(__always)
  private func home(of identity: Identity) -> Int {
    Int(truncatingIfNeeded: identity.high.multipliedFullWidth(by: UInt64(slots.count)).high)
  }

  @inline(__always)
  private func tag(of identity: Identity) -> UInt32 {
    numberBits >= 32 ? 0 : UInt32(truncatingIfNeeded: identity.low) &<< numberBits
  }
}
