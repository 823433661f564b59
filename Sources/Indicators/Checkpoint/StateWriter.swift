/// Encodes the values of a state for a checkpoint, little-endian.
package struct StateWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func write(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  package mutating func write(_ value: Bool) { write(value ? UInt8(1) : 0) }

  mutating func write(_ value: Identity) {
    write(value.low)
    write(value.high)
  }

  mutating func write(_ value: Month) { write(value.index) }

  package mutating func write(_ value: String) {
    write(UInt32(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }

  package mutating func write(_ values: [UInt8]) { values.withUnsafeBytes { write($0) } }

  mutating func write(_ values: UnsafeRawBufferPointer) {
    write(UInt64(values.count))
    bytes.append(contentsOf: values)
  }

  mutating func append(_ other: StateWriter) { bytes += other.bytes }

  /// Writes a count and then each element.
  package mutating func writeAll<C: Collection>(_ elements: C, _ body: (inout StateWriter, C.Element) -> Void)
  {
    write(UInt64(elements.count))
    for element in elements { body(&self, element) }
  }
}
