import Contract
import Testing

@Suite struct SameBytesTests {
  @Test func anyByteThatDiffersIsSeen() {
    for count in 0...40 {
      let bytes = (0..<count).map { UInt8($0) }
      #expect(haveSameBytes(bytes, bytes))
      #expect(!haveSameBytes(bytes, bytes + [0]))
      for index in 0..<count {
        var other = bytes
        other[index] ^= 1
        #expect(!haveSameBytes(bytes, other), "byte \(index) of \(count)")
      }
    }
  }

  private func haveSameBytes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    // At addresses that are not aligned.
    ([0] + left).withUnsafeBytes { left in
      right.withUnsafeBytes { right in UnsafeRawBufferPointer(rebasing: left[1...]).hasSameBytes(as: right) }
    }
  }
}
