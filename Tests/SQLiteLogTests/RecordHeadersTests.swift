import EventLog
import SQLiteLog
import Testing

@Suite struct RecordHeadersTests {
  @Test func whatIsEncodedIsDecoded() throws {
    let headers: [OutputBatch.Header] = [
      ("reason", [1, 2, 3]), ("", []), ("ü", [UInt8](repeating: 7, count: 70_000)),
    ]
    let decoded = try #require(RecordHeaders.decode(RecordHeaders.encode(headers)))
    #expect(decoded.map(\.name) == headers.map(\.name))
    #expect(decoded.map(\.value) == headers.map(\.value))
    #expect(RecordHeaders.decode([])?.isEmpty == true)
  }

  @Test func cutOffBytesAreNotDecoded() {
    let whole = RecordHeaders.encode([("name", [1, 2, 3])])
    for count in 1..<whole.count { #expect(RecordHeaders.decode(Array(whole.prefix(count))) == nil) }
    #expect(RecordHeaders.decode([255, 255, 255, 255, 0]) == nil)
  }
}
