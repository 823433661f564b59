/// Stores rows of up to 2,039 bytes in a few large blocks, with little overhead for each row. All rows together may take 32 GiB.
struct RowStore: Sendable {
  /// The location of a row.
  struct Place: Sendable {
    /// How many units are before it, those left free at the ends of blocks included.
    private var units: UInt32

    fileprivate init(block: Int, offset: Int) {
      let units = (block * blockSize + offset) / unit
      precondition(units <= UInt32.max, "a result of more than 32 GiB cannot be kept in memory")
      self.units = UInt32(units)
    }

    fileprivate var block: Int { Int(units) / (blockSize / unit) }
    fileprivate var offset: Int { Int(units) % (blockSize / unit) * unit }
  }

  private static let blockSize = 1 << 20
  /// Rows take whole units, so that most have room to grow a little.
  private static let unit = 8

  private var blocks: [[UInt8]] = []
  /// Bytes of the rows, including headers and unused capacity.
  private(set) var usedBytes = 0
  /// Bytes of removed rows, which are not used again.
  private(set) var freedBytes = 0

  /// Whether removed rows take most of the memory.
  var isMostlyFree: Bool { freedBytes > usedBytes && freedBytes > Self.blockSize }

  /// The units of a row and its header, which is this number as a byte.
  private static func units(_ row: some Collection<UInt8>) -> UInt8 {
    UInt8((1 + row.count + unit - 1) / unit)
  }

  mutating func append(_ row: some Collection<UInt8>) -> Place {
    let units = Self.units(row)
    let size = Int(units) * Self.unit
    if blocks.last.map({ $0.count + size > Self.blockSize }) ?? true {
      blocks.append([])
      blocks[blocks.count - 1].reserveCapacity(Self.blockSize)
    }
    let block = blocks.count - 1
    let place = Place(block: block, offset: blocks[block].count)
    blocks[block].append(units)
    blocks[block].append(contentsOf: row)
    blocks[block].append(contentsOf: repeatElement(0, count: size - 1 - row.count))
    usedBytes += size
    return place
  }

  /// Replaces a row, and returns its new location.
  mutating func replace(_ place: Place, with row: [UInt8]) -> Place {
    let (block, offset) = (place.block, place.offset)
    guard Self.units(row) <= blocks[block][offset] else {
      remove(place)
      return append(row)
    }
    blocks[block].withUnsafeMutableBytes { $0[(offset + 1)..<(offset + 1 + row.count)].copyBytes(from: row) }
    return place
  }

  mutating func remove(_ place: Place) {
    let size = Int(blocks[place.block][place.offset]) * Self.unit
    usedBytes -= size
    freedBytes += size
  }

  /// Calls `body` with the row's bytes and what follows them up to the end of its last unit.
  func withRow<Result>(_ place: Place, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let offset = place.offset
    return blocks[place.block].withUnsafeBytes { all in
      body(
        UnsafeRawBufferPointer(rebasing: all[(offset + 1)..<(offset + Int(all[offset]) * Self.unit)]))
    }
  }
}
