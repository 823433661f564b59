import Contract

extension PackedRows {
  /// These rows without `old`, which they hold as a part, and with `new`; and a component whose amount does not fit any more.
  /// O(values of all).
  package func replacing(_ old: PackedRows, with new: PackedRows) -> (sum: PackedRows, outOfRange: Component?)
  {
    let capacity = valueCount + old.valueCount + new.valueCount
    return withUnsafeTemporaryAllocation(of: PackedValue.self, capacity: capacity) { values in
      var (count, negative): (Int, Component?) = (0, nil)
      withCursor { all in
        old.withCursor { old in
          new.withCursor { new in
            while true {
              let key = min(all.key, old.key, new.key)
              guard key != PackedCursor.end else { return }
              var sum: Int64 = 0
              if old.key == key { sum &-= old.take() }
              if all.key == key { sum &+= all.take() }
              if new.key == key { sum &+= new.take() }
              let (component, month) = PackedCursor.place(of: key)
              // Levels stand as changes, which may be negative.
              if sum < 0, negative == nil, let amount = Component(rawValue: Int(component)), amount.isMoney {
                negative = amount
              }
              values.initializeElement(
                at: count, to: PackedValue(component: component, month: month, value: sum))
              count += 1
            }
          }
        }
      }
      return (PackedRows(packing: UnsafeBufferPointer(rebasing: values[..<count])), negative)
    }
  }

  /// The first month in which the two differ; nil if they are equal. O(values).
  package func firstDifference(from other: PackedRows) -> Month? {
    if sharesMemory(with: other) { return nil }
    var first = Int32.max
    withCursor { mine in
      other.withCursor { others in
        while true {
          let key = min(mine.key, others.key)
          guard key != PackedCursor.end else { return }
          let value = mine.key == key ? mine.take() : 0
          let otherValue = others.key == key ? others.take() : 0
          if value != otherValue { first = min(first, PackedCursor.place(of: key).month) }
        }
      }
    }
    return first == .max ? nil : Month(index: first)
  }

  @inline(__always)
  private func withCursor(_ body: (inout PackedCursor) -> Void) {
    guard let storage else {
      var cursor = PackedCursor()
      return body(&cursor)
    }
    storage.withUnsafeMutablePointers { header, bytes in
      var cursor = PackedCursor(bytes, header.pointee)
      body(&cursor)
    }
  }
}

extension Component {
  /// Whether it is a sum of money, the only kind that can leave 63 bits.
  fileprivate var isMoney: Bool { self == .billedMicros || self == .creditedMicros }
}

/// Goes through the values of `PackedRows`.
private struct PackedCursor {
  /// The key behind the last value.
  static let end = UInt64.max

  /// Ascends by component and month.
  private(set) var key = PackedCursor.end
  private var column: PackedColumn
  private var index = 0
  private var count = 0
  private let base: Int32
  private let monthWidth: Int
  private var next: UnsafeMutableRawPointer
  private let limit: UnsafeMutableRawPointer

  /// Of no rows.
  init() {
    // Never read from: it ends at once.
    next = UnsafeMutableRawPointer(bitPattern: 1).unsafelyUnwrapped
    limit = next
    (base, monthWidth) = (0, 1)
    column = PackedColumn(next, base: 0, monthWidth: 1)
  }

  init(_ bytes: UnsafeMutablePointer<UInt8>, _ header: PackedRows.Header) {
    next = UnsafeMutableRawPointer(bytes)
    limit = next + header.used
    (base, monthWidth) = (header.base, header.monthWidth)
    column = PackedColumn(next, base: base, monthWidth: monthWidth)
    loadColumn()
  }

  static func place(of key: UInt64) -> (component: Int32, month: Int32) {
    (Int32(truncatingIfNeeded: key >> 32), Int32(truncatingIfNeeded: key) ^ .min)
  }

  /// The value at the key; goes on to the next one.
  @inline(__always)
  mutating func take() -> Int64 {
    let value = column.value(index)
    index += 1
    if index < count { loadKey() } else { loadColumn() }
    return value
  }

  @inline(__always)
  private mutating func loadColumn() {
    guard next < limit else {
      key = Self.end
      return
    }
    column = PackedColumn(next, base: base, monthWidth: monthWidth)
    (index, count) = (0, column.count)
    next += column.byteCount
    loadKey()
  }

  @inline(__always)
  private mutating func loadKey() {
    key = UInt64(column.component) << 32 | UInt64(UInt32(bitPattern: column.month(index) ^ .min))
  }
}
