import Glibc
import Platform

/// Buffers bytes for a file descriptor.
struct OutputBuffer {
  let descriptor: Int32
  private var bytes: [UInt8] = []
  private static let capacity = 1 << 16

  init(descriptor: Int32) { self.descriptor = descriptor }

  mutating func append(_ more: some Collection<UInt8>) throws {
    bytes.append(contentsOf: more)
    if bytes.count >= Self.capacity { try flush() }
  }

  /// Writes all bytes. Throws `ClosedOutput` for a closed pipe and a `Failure` for other errors; unwritten bytes are then
  /// discarded.
  mutating func flush() throws {
    defer { bytes.removeAll(keepingCapacity: true) }
    try bytes.withUnsafeBytes { all in
      var rest = all[...]
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        if count < 0, errno == EPIPE { throw ClosedOutput() }
        guard count > 0 else { throw Failure("cannot write the output: \(SystemError())") }
        rest = rest.dropFirst(count)
      }
    }
  }
}
