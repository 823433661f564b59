import CZlib

/// Decompresses the gzip format (RFC 1952) piece by piece, by zlib: one member or several, and zeros after the last.
/// One thread owns it.
package final class GzipReader {
  package enum Fault: Error, Equatable {
    /// The bytes are not of the format, or their checksum does not fit.
    case damaged
    /// There is no memory for zlib's window.
    case outOfMemory
  }

  // On the heap, since zlib keeps a pointer to it.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  /// Between members, or before the first.
  private var isBetween = true
  private var hasMember = false

  /// zlib's largest window, with a gzip header and trailer.
  private static let windowBits: Int32 = 15 + 16

  package init() throws(Fault) {
    stream.initialize(to: z_stream())
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, Self.windowBits, ZLIB_VERSION, size) == Z_OK else {
      stream.deallocate()
      throw .outOfMemory
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Whether what came so far is whole: the input may end here.
  package var isWhole: Bool { hasMember && isBetween }

  /// Takes from `source` and fills `target`; returns how many bytes of each. If neither moves, more input is needed.
  package func read(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(Fault) -> (taken: Int, made: Int) {
    var taken = 0
    // gzip's tools pad with zeros.
    while isWhole, taken < source.count, source[taken] == 0 { taken += 1 }
    if isBetween {
      guard taken < source.count else { return (taken, 0) }
      inflateReset(stream)
      (isBetween, hasMember) = (false, true)
    }
    let rest = UnsafeRawBufferPointer(rebasing: source[taken...])
    let input = min(rest.count, Int(UInt32.max))
    let room = min(target.count, Int(UInt32.max))
    // zlib reads from there alone, whatever the type says.
    stream.pointee.next_in = rest.baseAddress.map {
      UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: UInt8.self))
    }
    stream.pointee.avail_in = UInt32(input)
    stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(room)
    switch inflate(stream, Z_NO_FLUSH) {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: isBetween = true
    case Z_MEM_ERROR: throw .outOfMemory
    default: throw .damaged
    }
    return (taken + input - Int(stream.pointee.avail_in), room - Int(stream.pointee.avail_out))
  }
}
