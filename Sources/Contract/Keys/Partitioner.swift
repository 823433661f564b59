/// The hash that Kafka's Java client partitions keys by (org.apache.kafka.common.utils.Utils.murmur2).
public func murmur2(_ bytes: UnsafeRawBufferPointer) -> Int32 {
  let multiplier: UInt32 = 0x5bd1_e995
  var hash = 0x9747_b28c ^ UInt32(truncatingIfNeeded: bytes.count)
  let wholeWords = bytes.count & ~3
  for offset in stride(from: 0, to: wholeWords, by: 4) {
    var word = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    word &*= multiplier
    word ^= word >> 24
    word &*= multiplier
    hash &*= multiplier
    hash ^= word
  }
  if wholeWords < bytes.count {
    for offset in wholeWords..<bytes.count {
      hash ^= UInt32(bytes[offset]) << UInt32(8 * (offset - wholeWords))
    }
    hash &*= multiplier
  }
  hash ^= hash >> 13
  hash &*= multiplier
  hash ^= hash >> 15
  return Int32(bitPattern: hash)
}

/// The partition of `key` among `count` (at least one), as Kafka's default partitioner chooses it.
public func partition(ofKey key: UnsafeRawBufferPointer, count: Int32) -> Int32 {
  (murmur2(key) & 0x7fff_ffff) % count
}

/// The partition of `key`'s UTF-8 bytes among `count` (at least one).
public func partition(ofKey key: some MessageText, count: Int32) -> Int32 {
  key.withUTF8Bytes { partition(ofKey: $0, count: count) }
}
