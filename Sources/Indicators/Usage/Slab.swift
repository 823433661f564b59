import Glibc

/// A growing array of plain values that is resized in place by the allocator (`realloc`, which moves page tables and not
/// bytes once it is large) and by a quarter only: in a table of 10^8 entries, doubling would waste gigabytes.
struct Slab<Element: BitwiseCopyable>: ~Copyable {
  private(set) var base: UnsafeMutablePointer<Element>?
  private(set) var count = 0
  private(set) var capacity = 0

  init() {}

  deinit { free(base) }

  /// Bytes held, used or not.
  var byteCount: Int { capacity * MemoryLayout<Element>.stride }

  subscript(index: Int) -> Element {
    get {
      assert(index >= 0 && index < count)
      return base.unsafelyUnwrapped[index]
    }
    set {
      assert(index >= 0 && index < count)
      base.unsafelyUnwrapped[index] = newValue
    }
    _modify {
      assert(index >= 0 && index < count)
      yield &base.unsafelyUnwrapped[index]
    }
  }

  /// O(1) amortised.
  mutating func append(_ element: Element) {
    if count == capacity { resize(to: Swift.max(64, capacity + capacity / 4)) }
    base.unsafelyUnwrapped[count] = element
    count += 1
  }

  /// Makes it `count` zero-filled elements.
  mutating func reset(zeroed count: Int) {
    free(base)
    base = calloc(Swift.max(1, count), MemoryLayout<Element>.stride)?.assumingMemoryBound(to: Element.self)
    precondition(base != nil, "out of memory")
    self.count = count
    capacity = count
  }

  /// Keeps the first `count` elements and gives the rest of the memory back.
  mutating func truncate(to count: Int) {
    self.count = count
    resize(to: Swift.max(1, count))
  }

  private mutating func resize(to capacity: Int) {
    let memory = realloc(base, capacity * MemoryLayout<Element>.stride)
    precondition(memory != nil, "out of memory")
    base = memory?.assumingMemoryBound(to: Element.self)
    self.capacity = capacity
  }
}
