/// Byte rows of up to 255 bytes in a few large blocks, so that a row costs little more than its bytes.
struct RowStore: Sendable {
  /// Where a row is.
  struct Place: Sendable {
    fileprivate var block: UInt32
    fileprivate var offset: UInt32
  }

  private static let blockSize = 1 << 20
  /// Of a row: its room, then its length.
  private static let headerSize = 2

  private var blocks: [[UInt8]] = []
  /// Bytes that rows take, headers included.
  private(set) var usedBytes = 0
  /// Bytes that rows no longer take.
  private(set) var freedBytes = 0

  /// Whether most of the memory is taken by rows that are gone.
  var isMostlyFree: Bool { freedBytes > usedBytes && freedBytes > Self.blockSize }

  mutating func append(_ row: [UInt8]) -> Place {
    // Some room to grow, as most rows will change a little.
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

  /// Puts `row` in the place of another one; returns where it is now.
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
