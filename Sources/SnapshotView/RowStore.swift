/// Stores rows of up to 255 bytes in a few large blocks, with little overhead for each row.
struct RowStore: Sendable {
  /// The location of a row.
  struct Place: Sendable {
    fileprivate var block: UInt32
    fileprivate var offset: UInt32
  }

  private static let blockSize = 1 << 20
  /// The header of a row is its capacity and its length, a byte each.
  private static let headerSize = 2

  private var blocks: [[UInt8]] = []
  /// Bytes of the rows, including headers and unused capacity.
  private(set) var usedBytes = 0
  /// Bytes of removed rows, which are not used again.
  private(set) var freedBytes = 0

  /// Whether removed rows take most of the memory.
  var isMostlyFree: Bool { freedBytes > usedBytes && freedBytes > Self.blockSize }

  mutating func append(_ row: [UInt8]) -> Place {
    // Rounded up to a multiple of eight, since most rows will grow a little.
    let room = min(255, (row.count + 7) & ~7)
    if blocks.last.map({ $0.count + Self.headerSize + room > Self.blockSize }) ?? true {
      blocks.append([])
      blocks[blocks.count - 1].reserveCapacity(Self.blockSize)
    }
    let block = blocks.count - 1
    let place = Place(block: UInt32(block), offset: UInt32(blocks[block].count))
    blocks[block].append(UInt8(room))
    blocks[block].append(UInt8(row.count))
    blocks[block].append(contentsOf: row)
    blocks[block].append(contentsOf: repeatElement(0, count: room - row.count))
    usedBytes += Self.headerSize + room
    return place
  }

  /// Replaces a row, and returns its new location.
  mutating func replace(_ place: Place, with row: [UInt8]) -> Place {
    let (block, offset) = (Int(place.block), Int(place.offset))
    guard row.count <= Int(blocks[block][offset]) else {
      remove(place)
      return append(row)
    }
    blocks[block][offset + 1] = UInt8(row.count)
    let start = offset + Self.headerSize
    blocks[block].withUnsafeMutableBytes { $0[start..<start + row.count].copyBytes(from: row) }
    return place
  }

  mutating func remove(_ place: Place) {
    let size = Self.headerSize + Int(blocks[Int(place.block)][Int(place.offset)])
    usedBytes -= size
    freedBytes += size
  }

  /// Calls `body` with the row's bytes.
  func withRow<Result>(_ place: Place, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    blocks[Int(place.block)].withUnsafeBytes { all in
      let start = Int(place.offset) + Self.headerSize
      return body(UnsafeRawBufferPointer(rebasing: all[start..<start + Int(all[start - 1])]))
    }
  }
}
