import Contract

extension PackedRows {
  /// Adds `delta` to one component of a month and returns what it is then; it may wrap. O(columns + log months), or O(values)
  /// where there is no room for it.
  package mutating func add(_ delta: Int64, to component: Component, in month: Month) -> Int64 {
    guard delta != 0 else { return value(of: component, in: month) }
    if isShared() { repack(with: nil) }
    let (sum, isDone) = addInPlace(delta, to: component.rawValue, in: month.index)
    if !isDone {
      repack(with: PackedValue(component: Int32(component.rawValue), month: month.index, value: sum))
    }
    return sum
  }

  package func value(of component: Component, in month: Month) -> Int64 {
    var value: Int64 = 0
    forEachColumn { column in
      guard column.component == component.rawValue else { return }
      let index = column.position(ofMonth: month.index)
      if index < column.count, column.month(index) == month.index { value = column.value(index) }
    }
    return value
  }

  /// Returns the sum, and whether there was room for it.
  private func addInPlace(_ delta: Int64, to component: Int, in month: Int32) -> (Int64, isDone: Bool) {
    guard let storage else { return (delta, false) }
    return storage.withUnsafeMutablePointers { header, bytes in
      let (base, monthWidth) = (header.pointee.base, header.pointee.monthWidth)
      guard month >= base, UInt64(month - base) < 1 << UInt64(8 * monthWidth) else { return (delta, false) }
      let offset = UInt32(month - base)
      var next = UnsafeMutableRawPointer(bytes)
      let end = next + header.pointee.used
      while next < end {
        let column = PackedColumn(next, base: base, monthWidth: monthWidth)
        if column.component >= component {
          guard column.component == component else { break }
          let index = column.position(of: offset)
          let isKnown = index < column.count && column.monthOffset(index) == offset
          let sum = isKnown ? column.value(index) &+ delta : delta
          guard PackedColumn.width(of: sum) <= column.width else { return (sum, false) }
          if !isKnown {
            let size = monthWidth + column.width
            guard header.pointee.used + size <= header.pointee.capacity else { return (sum, false) }
            column.insertGap(at: index, end: end)
            column.setMonthOffset(offset, at: index)
            header.pointee.used += size
          }
          column.values[index] = sum
          return (sum, true)
        }
        next += column.byteCount
      }
      let width = PackedColumn.width(of: delta)
      let size = PackedColumn.headerBytes + monthWidth + width
      guard header.pointee.used + size <= header.pointee.capacity else { return (delta, false) }
      (next + size).copyMemory(from: next, byteCount: end - next)
      header.pointee.used += size
      let column = PackedColumn(next, base: base, monthWidth: monthWidth)
      column.setHeader(component: component, width: width, count: 1)
      column.setMonthOffset(offset, at: 0)
      column.values[0] = delta
      return (delta, true)
    }
  }
}
