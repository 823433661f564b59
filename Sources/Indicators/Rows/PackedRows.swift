import Contract

/// A partner's rows in a cell: amounts of a month alone, levels (certified individuals, instances, users of twelve months, assigned
/// seats) as changes from the month before. A fact therefore takes few values however long it lasts, and they cover future months
/// too.
///
/// Most components of most months are zero, so there is a column for each component that has values: its months, and then its
/// values, in as few bytes as the greatest of them takes. This usually takes a hundred bytes instead of 1,300. Copy on write.
package struct PackedRows {
  /// Nil for no rows.
  private(set) var storage: ManagedBuffer<Header, UInt8>?

  package init() {}

  init(_ storage: ManagedBuffer<Header, UInt8>?) { self.storage = storage }

  package var isEmpty: Bool { storage == nil }

  /// Bytes that its memory takes, however many copies share it.
  package var byteCount: Int {
    storage.map { PackedRows.overhead + $0.head.capacity } ?? 0
  }

  /// Whether both have the same memory.
  func sharesMemory(with other: PackedRows) -> Bool { storage === other.storage }

  /// Whether changing it leaves no copy alone.
  mutating func isShared() -> Bool { storage != nil && !isKnownUniquelyReferenced(&storage) }

  /// What precedes the bytes: Swift's object header, and this type's.
  static let overhead = 24

  /// Rounds a need for bytes up to what the allocator would give in any case.
  static func capacity(for bytes: Int) -> Int {
    let size = bytes + overhead
    if size <= 128 { return (size + 15) & ~15 - overhead }
    // Four sizes for each power of two.
    let step = 1 << (Int.bitWidth - (size - 1).leadingZeroBitCount - 3)
    return (size + step - 1) & ~(step - 1) - overhead
  }

  /// The most that rows may take.
  static let mostBytes = 3 << 20

  /// Sizes and the earliest month, in 64 bits.
  struct Header {
    private var bits: UInt64

    private static let sizeBits: UInt64 = 22
    private static let sizeMask: UInt64 = 1 << sizeBits - 1
    /// What is added to a month so that no possible one is negative.
    private static let monthShift: Int32 = 1 << 17

    /// `monthWidth` is 1, 2 or 4.
    init(base: Int32, monthWidth: Int, used: Int, capacity: Int) {
      precondition(used <= capacity && capacity <= Self.sizeMask, "more rows than can be")
      bits = UInt64(base + Self.monthShift) << 46 | UInt64(monthWidth >> 1) << 44
      bits |= UInt64(capacity) << 22 | UInt64(used)
    }

    /// Months count from it.
    @inline(__always)
    var base: Int32 { Int32(truncatingIfNeeded: bits >> 46) - Self.monthShift }
    /// Bytes of a month.
    @inline(__always)
    var monthWidth: Int { 1 << Int(truncatingIfNeeded: bits >> 44 & 3) }
    @inline(__always)
    var capacity: Int { Int(truncatingIfNeeded: bits >> 22 & Self.sizeMask) }
    /// Bytes that hold something.
    @inline(__always)
    var used: Int {
      get { Int(truncatingIfNeeded: bits & Self.sizeMask) }
      set { bits = bits & ~Self.sizeMask | UInt64(newValue) }
    }
  }
}

extension PackedRows: Equatable {
  /// Of rows as they are after having been packed: what was added to may hold zeros. O(bytes).
  package static func == (left: PackedRows, right: PackedRows) -> Bool {
    if left.sharesMemory(with: right) { return true }
    guard let left = left.storage, let right = right.storage else { return false }
    let (header, other) = (left.head, right.head)
    guard header.used == other.used, header.base == other.base, header.monthWidth == other.monthWidth else {
      return false
    }
    return left.withUnsafeMutablePointerToElements { left in
      right.withUnsafeMutablePointerToElements { right in
        UnsafeMutableRawPointer(left)
          .commonPrefix(with: UnsafeMutableRawPointer(right), byteCount: header.used) == header.used
      }
    }
  }
}

extension ManagedBuffer {
  /// The header, without the check for exclusive access that `header` costs.
  @inline(__always)
  var head: Header { withUnsafeMutablePointerToHeader { $0.pointee } }
}
