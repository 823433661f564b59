import CXXHash
import Contract

/// The XXH3 hash, 128 bits, of a text or of a chain of texts, in tables that hold no strings.
///
/// Among 10^9 identities two are equal with a probability below 10^-20.
package struct Identity: Hashable, Sendable, BitwiseCopyable {
  package let low: UInt64
  package let high: UInt64

  package init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  init(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) {
    let hash = xxh3_128(bytes.baseAddress, bytes.count, seed)
    low = hash.low64
    high = hash.high64
  }

  /// Hashes the text's bytes, without the normalization of a `String`'s equality.
  package init(_ text: some MessageText) {
    self = text.withUTF8Bytes { Identity($0) }
  }

  /// The identity of something within something else: a user within a customer.
  func appending(_ bytes: UnsafeRawBufferPointer) -> Identity {
    let hash = xxh3_128(bytes.baseAddress, bytes.count, low)
    // The seed has 64 bits only, so the other half is combined afterwards.
    return Identity(low: hash.low64, high: hash.high64 ^ high)
  }

  /// It is a hash already.
  package func hash(into hasher: inout Hasher) { hasher.combine(low) }
}
