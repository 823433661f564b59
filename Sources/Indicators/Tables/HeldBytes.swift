/// Approximate memory sizes: an operator wants to know where memory goes, and asks while events are waiting.

extension Array {
  /// Bytes of the array's own memory.
  var heldBytes: Int { capacity == 0 ? 0 : 32 + capacity * MemoryLayout<Element>.stride }

  /// The sum of `size` over all elements, estimated from at most 512 of them at equal distances. O(1).
  func sampledSum(_ size: (Element) -> Int) -> Int {
    let step = Swift.max(1, count / 512)
    var (sum, seen) = (0, 0)
    for index in stride(from: step / 2, to: count, by: step) {
      sum += size(self[index])
      seen += 1
    }
    return seen == 0 ? 0 : Int(Double(sum) / Double(seen) * Double(count))
  }
}
