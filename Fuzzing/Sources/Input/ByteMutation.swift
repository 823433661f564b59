/// Mutations of bytes whose format is unknown.
enum ByteMutation {
  /// Mutates the first `count` bytes of a buffer of `room` bytes in place, and returns the new count.
  typealias Mutate = (_ buffer: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int) -> Int

  /// libFuzzer's own mutation, which libFuzzer's entry point sets. Without libFuzzer it changes nothing.
  nonisolated(unsafe) static var ofLibrary: Mutate = { _, count, _ in count }
}

/// `bytes` after one of libFuzzer's own mutations, at most `growth` bytes longer.
func mutated(_ bytes: [UInt8], growth: Int) -> [UInt8] {
  let room = bytes.count + growth
  guard room > 0 else { return [] }
  return [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
    guard let start = buffer.baseAddress else { return }
    _ = buffer.initialize(fromContentsOf: bytes)
    (start + bytes.count).initialize(repeating: 0, count: growth)
    count = min(room, ByteMutation.ofLibrary(start, bytes.count, room))
  }
}
