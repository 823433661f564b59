/// A growing array of plain values in blocks that never move: growing copies nothing, and unused blocks take no memory,
/// since their pages are touched one after the other.
struct Slab<Element: BitwiseCopyable>: ~Copyable {
  /// Elements of a block: 2^16.
  private static var shift: Int { 16 }

  private var blocks: [UnsafeMutablePointer<Element>] = []
  private(set) var count = 0

  init() {}

  deinit {
    for block in blocks { block.deallocate() }
  }

  /// Bytes of memory that hold elements; the rest of the last block has not been touched.
  var byteCount: Int { count * MemoryLayout<Element>.stride }

  /// The address of an element, which is valid as long as the slab lives.
  @inline(__always)
  func address(of index: Int) -> UnsafeMutablePointer<Element> {
    assert(index >= 0 && index < count)
    return blocks[index >> Self.shift] + (index & (1 << Self.shift - 1))
  }

  @inline(__always)
  subscript(index: Int) -> Element {
    get { address(of: index).pointee }
    _modify { yield &address(of: index).pointee }
  }

  /// O(1) in the worst case.
  mutating func append(_ element: Element) {
    if count == blocks.count << Self.shift { blocks.append(.allocate(capacity: 1 << Self.shift)) }
    count += 1
    address(of: count - 1).initialize(to: element)
  }
}
