import Contract
import Testing

@Suite struct EncodedHeadersTests {
  private let headers = [
    Header("reason", [1, 2, 3]), Header("", []), Header("ü", [UInt8](repeating: 7, count: 70_000)),
    Header(name: [0xff, 0], value: nil), Header("reason", [4]),
  ]

  @Test func whatIsEncodedIsDecoded() {
    #expect(EncodedHeaders.decode(EncodedHeaders(headers).bytes) == headers)
    #expect(EncodedHeaders.decode([]) == [])
  }

  @Test func whatIsCutOffIsNotDecoded() {
    let whole = EncodedHeaders([Header("name", [1, 2, 3]), Header(name: [1], value: nil)]).bytes
    for count in 1..<whole.count where count != 4 + 4 + 4 + 3 {
      #expect(EncodedHeaders.decode(whole.prefix(count)) == nil)
    }
    #expect(EncodedHeaders.decode([254, 255, 255, 255, 0]) == nil)
    #expect(EncodedHeaders.decode([255, 255, 255, 255, 0, 0, 0, 0]) == nil)
  }

  @Test func headersAreReadAsOftenAsAskedForWithoutACopy() {
    let encoded = EncodedHeaders(headers).bytes
    var framed = withUnsafeBytes(of: EncodedHeaders.frame(count: encoded.count), Array.init)
    framed += encoded
    // Behind something else, at an odd address.
    ([9] + framed).withUnsafeBytes { bytes in
      let read = RecordHeaders(framed: bytes.baseAddress! + 1)
      for _ in 0..<2 { #expect(read.map(Header.init) == headers) }
      #expect(read.prefix(2).map(Header.init) == Array(headers.prefix(2)))
      #expect(EncodedHeaders(read).bytes == encoded)
      let size = read.reduce(0) { $0 + $1.size }
      #expect(size == headers.reduce(0) { $0 + $1.size })
    }
    #expect(RecordHeaders.none.map(Header.init) == [])
  }
}
