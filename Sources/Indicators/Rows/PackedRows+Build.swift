import Contract

extension PackedRows {
  /// Packs values that ascend by component and month, without those that are zero. Equal values give equal bytes. O(values).
  init(packing values: UnsafeBufferPointer<PackedValue>) {
    var (first, last) = (Int32.max, Int32.min)
    var (count, columns) = (0, 0)
    var component: Int32 = -1
    // Per component: all bits that any value takes, and how many there are.
    var bits = ComponentArray<Int64>(repeating: 0)
    var counts = ComponentArray<Int>(repeating: 0)
    for value in values where value.value != 0 {
      if value.component != component {
        component = value.component
        columns += 1
      }
      first = min(first, value.month)
      last = max(last, value.month)
      count += 1
      bits[Int(component)] |= value.value ^ (value.value >> 63)
      counts[Int(component)] += 1
    }
    guard count > 0 else {
      self.init()
      return
    }
    let monthWidth = Self.monthWidth(for: first, last)
    var used = columns * PackedColumn.headerBytes + count * monthWidth
    for index in counts.indices { used += counts[index] * PackedColumn.width(of: bits[index]) }
    let capacity = Self.capacity(for: used)
    let storage = ManagedBuffer<Header, UInt8>
      .create(minimumCapacity: capacity) { _ in
        Header(base: first, monthWidth: monthWidth, used: used, capacity: capacity)
      }
    storage.withUnsafeMutablePointerToElements { bytes in
      var next = UnsafeMutableRawPointer(bytes)
      var position = 0
      for component in counts.indices where counts[component] > 0 {
        let column = PackedColumn(next, base: first, monthWidth: monthWidth)
        column.setHeader(
          component: component, width: PackedColumn.width(of: bits[component]), count: counts[component])
        next += column.byteCount
        let packed = column.values
        var index = 0
        while index < counts[component] {
          let value = values[position]
          position += 1
          guard value.value != 0 else { continue }
          column.setMonthOffset(UInt32(value.month - first), at: index)
          packed[index] = value.value
          index += 1
        }
      }
    }
    self.init(storage)
  }

  static func monthWidth(for first: Int32, _ last: Int32) -> Int {
    let distance = last - first
    return distance <= Int32(UInt8.max) ? 1 : distance <= Int32(UInt16.max) ? 2 : 4
  }

  /// Packs rows that ascend by month. O(rows).
  package init(_ rows: [MonthRow]) {
    self.init()
    guard !rows.isEmpty else { return }
    let columns = rows.withUnsafeBufferPointer { rows in
      // Most components have nothing in any month.
      var bits = ComponentValues()
      for index in rows.indices { bits |= rows[index].values }
      return Component.allCases.filter { bits[$0] != 0 }
    }
    withUnsafeTemporaryAllocation(of: PackedValue.self, capacity: columns.count * rows.count) { values in
      var count = 0
      for component in columns {
        for index in rows.indices where rows[index].values[component] != 0 {
          values.initializeElement(
            at: count,
            to: PackedValue(
              component: Int32(component.rawValue), month: rows[index].month,
              value: rows[index].values[component]))
          count += 1
        }
      }
      self = PackedRows(packing: UnsafeBufferPointer(rebasing: values[..<count]))
    }
  }

  /// The rows of the months in which a component is not zero, ascending by month. O(values + rows x columns).
  package var rows: [MonthRow] {
    var rows: [MonthRow] = []
    rows.reserveCapacity(mostValues)
    forEachColumn { column in
      var next = 0
      for index in 0..<column.count {
        let (month, value) = (column.month(index), column.value(index))
        guard value != 0 else { continue }
        while next < rows.count, rows[next].month < month { next += 1 }
        if next == rows.count || rows[next].month != month {
          rows.insert(MonthRow(month: month, values: ComponentValues()), at: next)
        }
        rows[next].values[column.kind] = value
      }
    }
    return rows
  }

  /// Gives back what is left over of zeros and of room.
  package mutating func trim() {
    var isTight = true
    forEachColumn { column in
      for index in 0..<column.count where column.value(index) == 0 { isTight = false }
    }
    if let storage, storage.head.capacity > Self.capacity(for: storage.head.used) { isTight = false }
    if !isTight { repack(with: nil) }
  }

  /// Packs its values again, with one more.
  mutating func repack(with added: PackedValue?) {
    let count = valueCount
    withUnsafeTemporaryAllocation(of: PackedValue.self, capacity: count + 1) { values in
      var position = 0
      var rest = added
      func put(_ value: PackedValue) {
        values.initializeElement(at: position, to: value)
        position += 1
      }
      forEachValue { value in
        if let new = rest, new.precedesOrEquals(value) {
          put(new)
          rest = nil
          if !value.precedesOrEquals(new) { put(value) }
        } else {
          put(value)
        }
      }
      if let rest { put(rest) }
      self = PackedRows(packing: UnsafeBufferPointer(rebasing: values[..<position]))
    }
  }
}

extension PackedValue {
  @inline(__always)
  func precedesOrEquals(_ other: PackedValue) -> Bool {
    component != other.component ? component < other.component : month <= other.month
  }
}
