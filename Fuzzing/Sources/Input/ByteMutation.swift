/// Mutations of bytes that nobody knows the form of.
enum ByteMutation {
  /// libFuzzer's own mutation of that many bytes in a buffer with so much room, which returns the new count; set where libFuzzer runs.
  nonisolated(unsafe) static var ofLibrary: (UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int) -> Int =
    {
      _, count, _ in count
    }
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
