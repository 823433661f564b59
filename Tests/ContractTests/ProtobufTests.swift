import Contract
import Testing

/// What Google's parser cannot tell; the rest is in GoogleProtobufTests.
@Suite struct ProtobufTests {
  private func decoded(_ bytes: [UInt8]) throws -> Subscription<String> {
    try bytes.withUnsafeBytes { try Subscription<String>(protobuf: $0) }
  }

  @Test func errorsSayWhere() {
    let cases: [([UInt8], DecodingError)] = [
      ([0x0a, 2, 0x61], DecodingError(.truncated, at: 2)),
      ([0x0a, 1, 0x61, 0x12, 1, 0xff], DecodingError(.invalidUTF8, at: 6)),
      ([0x00, 1], DecodingError(.invalidFieldNumber, at: 1)),
      ([0x0f], DecodingError(.invalidWireType, at: 1)),
      ([0x0c], DecodingError(.unmatchedGroup, at: 1)),
      ([0x0b, 0x14], DecodingError(.unmatchedGroup, at: 2)),
      ([0x58] + Array(repeating: 0x80, count: 10), DecodingError(.malformedVarint, at: 1)),
    ]
    for (bytes, expected) in cases {
      #expect(throws: expected) { try decoded(bytes) }
    }
  }

  @Test func fieldsMayComeInAnyOrder() throws {
    var subscription = Subscription<String>()
    subscription.customerID = "c"
    subscription.workloads = ["a", "b"]
    subscription.kind = .paid
    subscription.revision = -1
    let parts: [[UInt8]] = [
      [0x58] + Array(repeating: 0xff, count: 9) + [1], [0x30, 1], [0x22, 1, 0x61], [0x0a, 1, 0x63],
      [0x22, 1, 0x62],
    ]
    #expect(try decoded(parts.flatMap(\.self)) == subscription)
    #expect(subscription.protobuf.first == 0x0a)
  }

  @Test func encodingAppends() {
    var bytes: [UInt8] = [9]
    Cell(product: "p").encode(into: &bytes)
    #expect(bytes == [9, 0x0a, 1, 0x70])
  }

  @Test func aViewPointsIntoTheRecord() throws {
    var action = UsageAction<String>()
    action.customerID = "customer-1"
    action.userID = "é"
    action.intentional = true
    action.occurredAt = Timestamp(seconds: 1_700_000_000, nanos: 1)
    try action.protobuf.withUnsafeBytes { bytes in
      let view = try UsageActionView(protobuf: bytes)
      let record = try #require(bytes.baseAddress)
      #expect(view.customerID.bytes.baseAddress == record + 2)
      #expect(view.userID == "é" as String)
      #expect(view.subscriptionID.isEmpty)
      #expect(view.intentional)
      #expect(view.occurredAt == action.occurredAt)
      for count in 0..<bytes.count where count != 12 && count != 16 && count != 18 && count != 0 {
        #expect(throws: DecodingError.self) {
          try UsageActionView(protobuf: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
      }
    }
  }
}
