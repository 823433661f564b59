import Contract
import Testing

@Suite struct PayloadFormTests {
  static let customer = {
    var customer = Customer<String>()
    customer.customerID = "c-1"
    customer.country = "FR"
    customer.effectiveAt = Timestamp(seconds: 1_600_000_000, nanos: 5_000_000)
    customer.revision = 3
    return customer
  }()

  static let json =
    #"{"customerId":"c\u002d1","country":"FR","effective_at":"2020-09-13T12:26:40.005Z","revision":3}"#

  /// Frames: schema 7; the first message, in both of its forms; the path 2, 300.
  @Test(
    arguments: [
      [], [0, 0, 0, 0, 7, 0], [0, 0, 0, 0, 7, 2, 0], [0, 0, 0, 0, 7, 4, 4, 0xd8, 4],
    ] as [[UInt8]])
  func readsProtobufWithAndWithoutFrame(frame: [UInt8]) throws {
    try check(payload: frame + Self.customer.protobuf)
  }

  @Test func readsJSON() throws {
    try check(payload: Array(Self.json.utf8))
    try check(payload: [0, 0, 0, 0, 7] + Array(Self.json.utf8))
  }

  private func check(payload: [UInt8]) throws {
    let scratch = PayloadScratch()
    try payload.withUnsafeBytes { bytes in
      #expect(try Customer<String>(payload: bytes) == Self.customer)
      let view = try CustomerView(payload: bytes, scratch: scratch)
      #expect(view.key == "c-1")
      #expect(view.protobuf == Self.customer.protobuf)
    }
  }

  @Test func anEmptyValueIsAMessageOfDefaults() throws {
    let empty = UnsafeRawBufferPointer(start: nil, count: 0)
    #expect(try Customer<String>(payload: empty) == Customer<String>())
  }

  @Test(
    arguments: [
      [0], [0, 0, 0, 0, 7], [0, 0, 0, 0, 7, 1], [0, 0, 0, 0, 7, 2, 1], [0, 0, 0, 0, 7, 0x80],
      [0, 0, 0, 0, 7, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0],
    ] as [[UInt8]])
  func refusesABrokenFrame(payload: [UInt8]) {
    let error = #expect(throws: DecodingError.self) {
      try payload.withUnsafeBytes { _ = try Customer<String>(payload: $0) }
    }
    #expect(error?.reason == .malformedFraming)
  }

  @Test func scratchKeepsOneMessageOfAnySize() throws {
    let scratch = PayloadScratch()
    for count in [1, 10_000, 3, 100_000] {
      let name = String(repeating: "é", count: count)
      let json = Array(#"{"name":"\#(name)"}"#.utf8)
      let view = try json.withUnsafeBytes { try CustomerView(payload: $0, scratch: scratch) }
      #expect(view.name == name)
    }
  }
}
