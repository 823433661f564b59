/// Memory that borrowed texts point into where they cannot point into the value, as for JSON. One thread owns it.
public final class PayloadScratch {
  private var encoded: [UInt8] = []
  private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  public init() {}

  deinit { memory.deallocate() }

  /// The message as protobuf; the bytes are valid until the next call.
  func protobuf(of message: some Message) -> UnsafeRawBufferPointer {
    encoded.removeAll(keepingCapacity: true)
    message.encode(into: &encoded)
    if memory.count < encoded.count {
      memory.deallocate()
      memory = .allocate(byteCount: encoded.count * 2, alignment: 8)
    }
    memory.copyBytes(from: encoded)
    return UnsafeRawBufferPointer(rebasing: memory[..<encoded.count])
  }
}
