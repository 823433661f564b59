import Contract

extension PackedRows {
  /// These rows without `old`, which they hold as a part, and with `new`; and a component whose amount does not fit any more.
  /// O(values of all).
  package func replacing(_ old: PackedRows, with new: PackedRows) -> (sum: PackedRows, outOfRange: Component?)
  {
    let capacity = valueCount + old.valueCount + new.valueCount
    return withUnsafeTemporaryAllocation(of: PackedValue.self, capacity: capacity) { values in
      var (count, negative): (Int, Component?) = (0, nil)
      withValues { all in
        old.withValues { old in
          new.withValues { new in
            while true {
              let key = min(all.key, old.key, new.key)
              guard key != ValueCursor.end else { return }
              var sum: Int64 = 0
              if old.key == key { sum &-= old.take() }
              if all.key == key { sum &+= all.take() }
              if new.key == key { sum &+= new.take() }
              let (component, month) = ValueCursor.place(of: key)
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

  /// The first month in which the two differ; nil if they are equal. Both as they are after having been packed. O(bytes).
  package func firstDifference(from other: PackedRows) -> Month? {
    if sharesMemory(with: other) { return nil }
    var first = Int32.max
    withColumns { mine in
      other.withColumns { others in
        while mine.component != ColumnCursor.end || others.component != ColumnCursor.end {
          if mine.component == others.component {
            let (column, other) = (mine.column, others.column)
            let position = column.commonPrefix(with: other)
            if position < column.count { first = min(first, column.month(position)) }
            if position < other.count { first = min(first, other.month(position)) }
            mine.next()
            others.next()
          } else if mine.component < others.component {
            first = min(first, mine.column.month(0))
            mine.next()
          } else {
            first = min(first, others.column.month(0))
            others.next()
          }
        }
      }
    }
    return first == .max ? nil : Month(index: first)
  }

  @inline(__always)
  private func withColumns(_ body: (inout ColumnCursor) -> Void) {
    guard let storage else {
      var cursor = ColumnCursor()
      return body(&cursor)
    }
    storage.withUnsafeMutablePointers { header, bytes in
      var cursor = ColumnCursor(bytes, header.pointee)
      body(&cursor)
    }
  }

  @inline(__always)
  private func withValues(_ body: (inout ValueCursor) -> Void) {
    withColumns { columns in
      var cursor = ValueCursor(columns)
      body(&cursor)
    }
  }
}

/// Goes through the columns of `PackedRows`.
private struct ColumnCursor {
  /// The component behind the last column.
  static let end = Int.max

  private(set) var component = ColumnCursor.end
  private(set) var column: PackedColumn
  private let base: Int32
  private let monthWidth: Int
  private let limit: UnsafeMutableRawPointer
  private var rest: UnsafeMutableRawPointer

  /// Of no rows.
  init() {
    // Never read from: it ends at once.
    limit = UnsafeMutableRawPointer(bitPattern: 1).unsafelyUnwrapped
    (rest, base, monthWidth) = (limit, 0, 1)
    column = PackedColumn(rest, base: 0, monthWidth: 1)
  }

  init(_ bytes: UnsafeMutablePointer<UInt8>, _ header: PackedRows.Header) {
    rest = UnsafeMutableRawPointer(bytes)
    limit = rest + header.used
    (base, monthWidth) = (header.base, header.monthWidth)
    column = PackedColumn(rest, base: base, monthWidth: monthWidth)
    next()
  }

  @inline(__always)
  mutating func next() {
    guard rest < limit else {
      component = Self.end
      return
    }
    column = PackedColumn(rest, base: base, monthWidth: monthWidth)
    component = column.component
    rest += column.byteCount
  }
}

/// Goes through the values of `PackedRows`.
private struct ValueCursor {
  /// The key behind the last value.
  static let end = UInt64.max

  /// Ascends by component and month.
  private(set) var key = ValueCursor.end
  private var columns: ColumnCursor
  private var index = 0
  private var count = 0

  @inline(__always)
  init(_ columns: ColumnCursor) {
    self.columns = columns
    loadColumn()
  }

  static func place(of key: UInt64) -> (component: Int32, month: Int32) {
    (Int32(truncatingIfNeeded: key >> 32), Int32(truncatingIfNeeded: key) ^ .min)
  }

  /// The value at the key; goes on to the next one.
  @inline(__always)
  mutating func take() -> Int64 {
    let value = columns.column.value(index)
    index += 1
    if index == count {
      columns.next()
      loadColumn()
    } else {
      loadKey()
    }
    return value
  }

  @inline(__always)
  private mutating func loadColumn() {
    guard columns.component != ColumnCursor.end else {
      key = Self.end
      return
    }
    (index, count) = (0, columns.column.count)
    loadKey()
  }

  @inline(__always)
  private mutating func loadKey() {
    key = UInt64(columns.component) << 32 | UInt64(UInt32(bitPattern: columns.column.month(index) ^ .min))
  }
}
