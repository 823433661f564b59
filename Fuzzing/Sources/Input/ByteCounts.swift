extension Sequence<UInt8> {
  /// How often each byte occurs. Tables are written in whatever order they are held, so states are compared by this.
  var byteCounts: [Int] {
    var counts = [Int](repeating: 0, count: 256)
    for byte in self { counts[Int(byte)] += 1 }
    return counts
  }
}
