import CPrefetch

/// Finds numbers by identity: open addressing over 32-bit slots, each a number and a tag of as many bits of the hash as the
/// number leaves room for, so that a lookup rarely compares with a wrong entry. The identities themselves are stored
/// elsewhere.
///
/// Filled to 5/6 at most and grown by a quarter: 4.8 to 6 bytes per number.
struct IdentityIndex: ~Copyable {
  /// 0 is empty; otherwise tag bits above `numberBits`, and below them the number plus one.
  private var slots: UnsafeMutableBufferPointer<UInt32>
  private var numberBits: UInt32
  private(set) var count = 0

  init() { self.init(capacity: 48, numbersBelow: 48) }

  private init(capacity: Int, numbersBelow bound: Int) {
    numberBits = UInt32(UInt64.bitWidth - (UInt64(bound) + 1).leadingZeroBitCount)
    precondition(numberBits < 32, "more than a task can number")
    slots = .allocate(capacity: capacity * 6 / 5 + 1)
    slots.initialize(repeating: 0)
  }

  deinit { slots.deallocate() }

  /// Bytes of memory.
  var byteCount: Int { slots.count * MemoryLayout<UInt32>.stride }

  /// Prefetches the memory that a lookup of `identity` reads first.
  @inline(__always)
  func prefetch(_ identity: Identity) {
    CPrefetch.prefetch(slots.baseAddress.unsafelyUnwrapped + home(of: identity))
  }

  /// The number in the first slot with this identity's tag, which most often is the identity's; nil if there is none.
  @inline(__always)
  func guess(_ identity: Identity) -> UInt32? {
    find(identity) { _ in true }
  }

  /// The number with this identity. Expected O(1): one cache line here, one for `isIdentity`.
  @inline(__always)
  func find(_ identity: Identity, isIdentity: (UInt32) -> Bool) -> UInt32? {
    let slots = slots.baseAddress.unsafelyUnwrapped
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
      if slot == self.slots.count { slot = 0 }
    }
  }

  /// Whether there is room for this further number; if not, the owner must replace the index by `grown`.
  func hasRoom(for number: UInt32) -> Bool {
    (count + 1) * 6 <= slots.count * 5 && UInt64(number) + 1 < UInt64(1) << UInt64(numberBits)
  }

  /// A copy with room for a quarter more, and for `number`. O(count).
  func grown(toHold number: UInt32, identityOf: (UInt32) -> Identity) -> IdentityIndex {
    let bound = Swift.max(Int(number) + 1, 48)
    var larger = IdentityIndex(
      capacity: Swift.max(48, count + count / 4), numbersBelow: bound + bound / 4)
    let mask = (UInt32(1) << numberBits) - 1
    for value in slots where value != 0 {
      let known = (value & mask) - 1
      larger.put(known, identityOf(known))
    }
    larger.count = count
    return larger
  }

  /// Adds a number, for which there must be room, and whose identity must not be in the index. O(1).
  mutating func insert(_ number: UInt32, _ identity: Identity) {
    put(number, identity)
    count += 1
  }

  private mutating func put(_ number: UInt32, _ identity: Identity) {
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
    UInt32(truncatingIfNeeded: identity.low) &<< numberBits
  }
}
