import CZlib

/// The gzip format (RFC 1952), by zlib.
package enum Gzip {
  /// Of zlib's 1 (fast) to 9 (small): above, texts of pages take more time and hardly fewer bytes.
  private static let level: Int32 = 5
  /// zlib's largest window, with a gzip header and trailer.
  private static let windowBits: Int32 = 15 + 16
  /// zlib's default.
  private static let memoryLevel: Int32 = 8

  /// `bytes` compressed; nil if there is no memory for that. O(n).
  package static func compress(_ bytes: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard
      deflateInit2_(
        &stream, level, Z_DEFLATED, windowBits, memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        == Z_OK
    else { return nil }
    defer { deflateEnd(&stream) }
    // As much as it can get, so that one call does it.
    let bound = Int(deflateBound(&stream, UInt(bytes.count)))
    guard bytes.count <= Int(UInt32.max), bound <= Int(UInt32.max) else { return nil }
    var isWhole = false
    let compressed = [UInt8](unsafeUninitializedCapacity: bound) { target, count in
      bytes.withUnsafeBufferPointer { source in
        // zlib reads from there alone, whatever the type says.
        stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        isWhole = deflate(&stream, Z_FINISH) == Z_STREAM_END
      }
      count = bound - Int(stream.avail_out)
    }
    return isWhole ? compressed : nil
  }
}
