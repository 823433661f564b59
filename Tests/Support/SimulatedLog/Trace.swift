/// A hash of all that has happened in a simulation, in its order: two runs of one seed have the same (FNV-1a).
package struct Trace: Sendable {
  package private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  package mutating func note(_ number: some BinaryInteger) {
    var rest = UInt64(truncatingIfNeeded: number)
    for _ in 0..<8 {
      hash = (hash ^ (rest & 0xff)) &* 0x100_0000_01b3
      rest >>= 8
    }
  }

  package mutating func note(_ text: String) { note(bytes: text.utf8) }

  package mutating func note(bytes: some Sequence<UInt8>) {
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    note(0)
  }
}
