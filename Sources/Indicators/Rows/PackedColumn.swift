import Contract

/// The values of one component in `PackedRows`, ascending by month. Valid only where it is handed out.
///
/// Its bytes: component and width in one, the count in two, the months' distances from the base, the values.
struct PackedColumn {
  static let headerBytes = 3

  fileprivate let start: UnsafeMutableRawPointer
  fileprivate let base: Int32
  let monthWidth: Int

  @inline(__always)
  init(_ start: UnsafeMutableRawPointer, base: Int32, monthWidth: Int) {
    self.start = start
    self.base = base
    self.monthWidth = monthWidth
  }

  @inline(__always)
  private var tag: UInt8 { start.load(as: UInt8.self) }

  /// Its raw value.
  @inline(__always)
  var component: Int { Int(tag >> 3) }

  @inline(__always)
  var kind: Component { Component(rawValue: component).unsafelyUnwrapped }

  /// Bytes of a value, 1 to 8.
  @inline(__always)
  var width: Int { Int(tag & 7) + 1 }

  @inline(__always)
  var count: Int { Int(start.loadUnaligned(fromByteOffset: 1, as: UInt16.self)) }

  @inline(__always)
  var byteCount: Int { Self.headerBytes + count * (monthWidth + width) }

  /// Writes the column's own header.
  @inline(__always)
  func setHeader(component: Int, width: Int, count: Int) {
    precondition(count <= UInt16.max, "more months than can be")
    start.storeBytes(of: UInt8(component << 3 | (width - 1)), as: UInt8.self)
    start.storeBytes(of: UInt16(count), toByteOffset: 1, as: UInt16.self)
  }

  // MARK: Months

  /// The last byte of a month is the last of eight that can be read, as with values.
  @inline(__always)
  func monthOffset(_ index: Int) -> UInt32 {
    let word = (start + Self.headerBytes + (index + 1) * monthWidth - 8).loadUnaligned(as: UInt64.self)
    return UInt32(truncatingIfNeeded: word &>> UInt64(64 - 8 * monthWidth))
  }

  @inline(__always)
  func setMonthOffset(_ offset: UInt32, at index: Int) {
    let address = start + Self.headerBytes + index * monthWidth
    switch monthWidth {
    case 1: address.storeBytes(of: UInt8(truncatingIfNeeded: offset), as: UInt8.self)
    case 2: address.storeBytes(of: UInt16(truncatingIfNeeded: offset), as: UInt16.self)
    default: address.storeBytes(of: offset, as: UInt32.self)
    }
  }

  @inline(__always)
  func month(_ index: Int) -> Int32 { base + Int32(truncatingIfNeeded: monthOffset(index)) }

  /// Where the first value of this month or a later one is. O(log count).
  @inline(__always)
  func position(of offset: UInt32) -> Int {
    var (low, high) = (0, count)
    // Most often it is the newest month.
    if high > 0, monthOffset(high - 1) <= offset { return monthOffset(high - 1) == offset ? high - 1 : high }
    while low < high {
      let middle = (low + high) / 2
      if monthOffset(middle) < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The same by the month itself.
  @inline(__always)
  func position(ofMonth month: Int32) -> Int {
    month <= base ? 0 : position(of: UInt32(truncatingIfNeeded: month - base))
  }

  // MARK: Values

  @inline(__always)
  var values: PackedNumbers {
    PackedNumbers(start + Self.headerBytes + count * monthWidth, width: width, stride: width)
  }

  @inline(__always)
  func value(_ index: Int) -> Int64 { values[index] }

  /// Makes room for one more value, of whatever month; `end` is where the rows end.
  @inline(__always)
  func insertGap(at index: Int, end: UnsafeMutableRawPointer) {
    let (count, width) = (count, width)
    let month = start + Self.headerBytes + index * monthWidth
    let value = start + Self.headerBytes + count * monthWidth + index * width
    (value + monthWidth + width).copyMemory(from: value, byteCount: end - value)
    (month + monthWidth).copyMemory(from: month, byteCount: value - month)
    setHeader(component: component, width: width, count: count + 1)
  }

  /// How many bytes a value takes.
  @inline(__always)
  static func width(of value: Int64) -> Int {
    (65 - (value ^ (value >> 63)).leadingZeroBitCount + 7) / 8
  }

  /// How many of the first values are equal in both, months and all. O(bytes / 8) where both lie in memory alike.
  @inline(__always)
  func commonPrefix(with other: PackedColumn) -> Int {
    let count = min(count, other.count)
    guard base == other.base, monthWidth == other.monthWidth, width == other.width else {
      return (0..<count)
        .first { month($0) != other.month($0) || value($0) != other.value($0) } ?? count
    }
    let months = (start + Self.headerBytes).commonPrefix(
      with: other.start + Self.headerBytes, byteCount: count * monthWidth)
    let values = values.start.commonPrefix(with: other.values.start, byteCount: count * width)
    return min(months / monthWidth, values / width)
  }
}

/// Goes through a column, ascending by month.
struct PackedReader {
  private let base: Int32
  /// Where the next month ends, and where the last one does.
  private var position: UnsafeMutableRawPointer
  private let end: UnsafeMutableRawPointer
  private let monthWidth: Int
  private let monthShift: UInt64
  private let values: PackedNumbers
  private var index: Int
  /// Of the next value; `Int32.max` if there is none.
  private(set) var month = Int32.max

  @inline(__always)
  init(_ column: PackedColumn, from index: Int) {
    base = column.base
    monthWidth = column.monthWidth
    monthShift = UInt64(64 - 8 * monthWidth)
    position = column.start + PackedColumn.headerBytes + (index + 1) * monthWidth
    end = column.start + PackedColumn.headerBytes + column.count * monthWidth
    values = column.values
    self.index = index
    load()
  }

  @inline(__always)
  mutating func take() -> Int64 {
    defer {
      index += 1
      position += monthWidth
      load()
    }
    return values[index]
  }

  @inline(__always)
  private mutating func load() {
    guard position <= end else {
      month = .max
      return
    }
    let word = (position - 8).loadUnaligned(as: UInt64.self)
    month = base &+ Int32(truncatingIfNeeded: word &>> monthShift)
  }
}

/// Whole numbers of as many bytes each as the widest takes; eight bytes before the first can be read.
struct PackedNumbers {
  let start: UnsafeMutableRawPointer
  private let stride: Int
  private let shift: UInt64
  /// From where a number of index 0 starts to where its eight bytes do.
  private let lead: Int

  /// `stride` bytes lie between the starts of two.
  @inline(__always)
  init(_ start: UnsafeMutableRawPointer, width: Int, stride: Int) {
    self.start = start
    self.stride = stride
    lead = width - 8
    shift = UInt64(64 - 8 * width)
  }

  /// The last byte of a number is the last of the eight that are read: what precedes them is memory of ours.
  @inline(__always)
  subscript(index: Int) -> Int64 {
    get {
      (start + index * stride + lead).loadUnaligned(as: Int64.self) &>> Int64(truncatingIfNeeded: shift)
    }
    nonmutating set {
      let address = start + index * stride + lead
      let others = address.loadUnaligned(as: UInt64.self) & ((1 &<< shift) &- 1)
      address.storeBytes(of: others | UInt64(bitPattern: newValue) &<< shift, as: UInt64.self)
    }
  }
}

extension UnsafeMutableRawPointer {
  /// How many of the first bytes are equal in both.
  @inline(__always)
  func commonPrefix(with other: UnsafeMutableRawPointer, byteCount: Int) -> Int {
    var position = 0
    while position + 8 <= byteCount {
      let difference =
        loadUnaligned(fromByteOffset: position, as: UInt64.self)
        ^ other.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      if difference != 0 { return position + difference.trailingZeroBitCount / 8 }
      position += 8
    }
    while position < byteCount,
      load(fromByteOffset: position, as: UInt8.self) == other.load(fromByteOffset: position, as: UInt8.self)
    {
      position += 1
    }
    return position
  }
}

extension PackedRows {
  /// Calls `body` with each column, ascending by component.
  @inline(__always)
  func forEachColumn(_ body: (PackedColumn) -> Void) {
    guard let storage else { return }
    storage.withUnsafeMutablePointers { header, bytes in
      var next = UnsafeMutableRawPointer(bytes)
      let end = next + header.pointee.used
      while next < end {
        let column = PackedColumn(next, base: header.pointee.base, monthWidth: header.pointee.monthWidth)
        body(column)
        next += column.byteCount
      }
    }
  }

  /// Calls `body` with each value, by component and month.
  @inline(__always)
  func forEachValue(_ body: (PackedValue) -> Void) {
    forEachColumn { column in
      for index in 0..<column.count {
        body(
          PackedValue(
            component: Int32(column.component), month: column.month(index), value: column.value(index)))
      }
    }
  }

  /// The most values that a component has.
  var mostValues: Int {
    var most = 0
    forEachColumn { most = max(most, $0.count) }
    return most
  }

  /// How many values there are, zeros that are left over among them.
  var valueCount: Int {
    var count = 0
    forEachColumn { count += $0.count }
    return count
  }
}

/// A value of a component in a month.
struct PackedValue: BitwiseCopyable {
  /// Its raw value.
  var component: Int32
  var month: Int32
  var value: Int64
}
