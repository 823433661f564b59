import Contract

extension PackedRows {
  /// Writes the bytes as they lie in memory: the earliest month, how many bytes a month takes, and the columns. Of rows that are
  /// not empty, as they are after having been packed. O(bytes).
  package func write(to writer: inout StateWriter) {
    guard let storage else { return }
    storage.withUnsafeMutablePointers { header, bytes in
      writer.write(header.pointee.base)
      writer.write(UInt8(header.pointee.monthWidth))
      writer.write(UnsafeRawBufferPointer(start: bytes, count: header.pointee.used))
    }
  }

  /// Throws unless these are bytes that packing gives. O(values).
  package init(from reader: inout StateReader) throws(DamagedState) {
    let base: Int32 = try reader.read()
    let monthWidth = Int(try reader.read(UInt8.self))
    let bytes = try reader.readSlice()
    guard [1, 2, 4].contains(monthWidth), Month.possible.contains(Month(index: base)),
      (1...Self.mostBytes).contains(bytes.count)
    else { throw DamagedState() }
    let capacity = Self.capacity(for: bytes.count)
    let storage = ManagedBuffer<Header, UInt8>
      .create(minimumCapacity: capacity) { _ in
        Header(base: base, monthWidth: monthWidth, used: bytes.count, capacity: capacity)
      }
    let isPacked = storage.withUnsafeMutablePointerToElements { elements in
      let start = UnsafeMutableRawPointer(elements)
      UnsafeMutableRawBufferPointer(start: start, count: bytes.count).copyMemory(from: bytes)
      return Self.arePacked(start, count: bytes.count, base: base, monthWidth: monthWidth)
    }
    guard isPacked else { throw DamagedState() }
    self.init(storage)
  }

  private static func arePacked(
    _ start: UnsafeMutableRawPointer, count: Int, base: Int32, monthWidth: Int
  ) -> Bool {
    var next = start
    let end = start + count
    var component = -1
    var (first, last) = (UInt32.max, UInt32.zero)
    while next < end {
      guard end - next >= PackedColumn.headerBytes else { return false }
      let column = PackedColumn(next, base: base, monthWidth: monthWidth)
      guard column.component > component, column.component < Component.allCases.count, column.count > 0,
        column.byteCount <= end - next, column.isPacked
      else { return false }
      component = column.component
      first = min(first, column.monthOffset(0))
      last = max(last, column.monthOffset(column.count - 1))
      next += column.byteCount
    }
    let most = UInt32(Month.possible.upperBound.index - base)
    return first == 0 && last < most && monthWidth == Self.monthWidth(for: base, base + Int32(last))
  }
}

extension PackedColumn {
  /// Whether its months ascend, no value is zero, only levels are negative, and no byte is wasted. O(values).
  fileprivate var isPacked: Bool {
    var bits: Int64 = 0
    var (hasZero, hasNegative) = (false, false)
    for index in 0..<count {
      if index > 0, monthOffset(index) <= monthOffset(index - 1) { return false }
      let value = value(index)
      bits |= value ^ (value >> 63)
      if value == 0 { hasZero = true }
      if value < 0 { hasNegative = true }
    }
    return !hasZero && (!hasNegative || kind.isLevel) && width == Self.width(of: bits)
  }
}
