import CZlib
import Compression
import Randomness
import Testing

@Suite struct GzipTests {
  /// By zlib again, but by its own reading of the format's header and checksum.
  private func decompressed(_ bytes: [UInt8], capacity: Int) -> [UInt8]? {
    var stream = z_stream()
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      return nil
    }
    defer { inflateEnd(&stream) }
    var isWhole = false
    let result = [UInt8](unsafeUninitializedCapacity: capacity + 1) { target, count in
      var bytes = bytes
      bytes.withUnsafeMutableBufferPointer { source in
        (stream.next_in, stream.avail_in) = (source.baseAddress, UInt32(source.count))
        (stream.next_out, stream.avail_out) = (target.baseAddress, UInt32(target.count))
        isWhole = inflate(&stream, Z_FINISH) == Z_STREAM_END
      }
      count = capacity + 1 - Int(stream.avail_out)
    }
    return isWhole ? result : nil
  }

  @Test(arguments: [0, 1, 2, 100, 5_000, 300_000]) func whatIsCompressedReadsBack(size: Int) throws {
    var random = SplitMix64(seed: UInt64(size))
    // Texts, and what cannot be compressed.
    for alphabet in [UInt8(4), 255] {
      let bytes = (0..<size).map { _ in UInt8.random(in: 0...alphabet, using: &random) }
      let compressed = try #require(Gzip.compress(bytes))
      #expect(compressed.prefix(2) == [0x1f, 0x8b])
      #expect(decompressed(compressed, capacity: size) == bytes)
    }
  }

  @Test func repetitionIsSmall() throws {
    let bytes = Array(repeating: Array("<span class=\"number\">1</span>".utf8), count: 1_000).flatMap(\.self)
    #expect(try #require(Gzip.compress(bytes)).count < bytes.count / 50)
  }
}
