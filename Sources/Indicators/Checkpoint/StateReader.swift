/// A checkpoint is damaged: its bytes are not what a `StateWriter` writes.
package struct DamagedState: Error, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String = "it ends too early or holds impossible values") {
    self.description = description
  }
}

/// Reads what a `StateWriter` wrote. Every read is checked, since a checkpoint may be damaged.
package struct StateReader {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  package var isAtEnd: Bool { offset == bytes.count }

  package mutating func read<T: FixedWidthInteger>(_: T.Type = T.self) throws(DamagedState) -> T {
    let size = MemoryLayout<T>.size
    guard bytes.count - offset >= size else { throw DamagedState() }
    defer { offset += size }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  package mutating func readBool() throws(DamagedState) -> Bool { try read(UInt8.self) != 0 }

  mutating func readIdentity() throws(DamagedState) -> Identity {
    Identity(low: try read(), high: try read())
  }

  mutating func readMonth() throws(DamagedState) -> Month {
    let month = Month(index: try read())
    guard Month.possible.contains(month) || month == .never || month == .distantPast else {
      throw DamagedState()
    }
    return month
  }

  package mutating func readString() throws(DamagedState) -> String {
    let slice = try readSlice(count: Int(try read(UInt32.self)))
    guard let text = String(validating: slice, as: UTF8.self) else { throw DamagedState() }
    return text
  }

  package mutating func readBytes() throws(DamagedState) -> [UInt8] { Array(try readSlice()) }

  /// The same where they lie.
  mutating func readSlice() throws(DamagedState) -> UnsafeRawBufferPointer {
    try readSlice(count: readCount())
  }

  /// A count of things that take at least a byte each.
  package mutating func readCount() throws(DamagedState) -> Int {
    let count = try read(UInt64.self)
    guard count <= UInt64(bytes.count - offset) else { throw DamagedState() }
    return Int(count)
  }

  /// Reads an index into something of `count` elements.
  package mutating func readIndex<T: FixedWidthInteger>(below count: Int, orNone none: T? = nil)
    throws(DamagedState)
    -> T
  {
    let index = try read(T.self)
    guard index == none || (index >= 0 && Int(index) < count) else { throw DamagedState() }
    return index
  }

  package mutating func readAll<T>(
    _ body: (inout StateReader) throws(DamagedState) -> T
  ) throws(DamagedState) -> [T] {
    var elements: [T] = []
    for _ in 0..<(try readCount()) { elements.append(try body(&self)) }
    return elements
  }

  private mutating func readSlice(count: Int) throws(DamagedState) -> UnsafeRawBufferPointer {
    guard bytes.count - offset >= count else { throw DamagedState() }
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }
}
