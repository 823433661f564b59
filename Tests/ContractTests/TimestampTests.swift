import Contract
import Testing

@Suite struct TimestampTests {
  @Test(
    arguments: [
      (-62_135_596_800, 0, "0001-01-01T00:00:00Z"),
      (253_402_300_799, 999_999_999, "9999-12-31T23:59:59.999999999Z"),
      (0, 0, "1970-01-01T00:00:00Z"), (-1, 500_000_000, "1969-12-31T23:59:59.500Z"),
      (951_782_400, 1000, "2000-02-29T00:00:00.000001Z"), (4_107_542_400, 0, "2100-03-01T00:00:00Z"),
    ] as [(Int64, Int32, String)])
  func speaksRFC3339(seconds: Int64, nanos: Int32, text: String) {
    let time = Timestamp(seconds: seconds, nanos: nanos)
    #expect(time.rfc3339 == text)
    #expect(text.withUTF8Bytes { Timestamp(rfc3339: $0) } == time)
  }

  @Test func readsOffsets() {
    let time = "2026-11-05T10:20:30.25-05:30".withUTF8Bytes { Timestamp(rfc3339: $0) }
    #expect(time?.rfc3339 == "2026-11-05T15:50:30.250Z")
  }

  @Test(arguments: [
    "", "2026-11-05", "2026-11-05T10:20:30", "2026-11-05T10:20:30.Z", "2026-11-05T10:20:30.0123456789Z",
    "2026-11-31T10:20:30Z", "2023-02-29T10:20:30Z", "2026-11-05T10:20:60Z", "2026-11-05T24:00:00Z",
    "2026-11-05 10:20:30Z", "2026-11-05T10:20:30+1:00", "2026-11-05T10:20:30+24:00", "2026-11-05T10:20:30Z ",
    "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "+026-11-05T10:20:30Z",
  ])
  func refuses(text: String) {
    #expect(text.withUTF8Bytes { Timestamp(rfc3339: $0) } == nil)
  }

  @Test(
    arguments: [
      (253_402_300_800, 0), (-62_135_596_801, 0), (0, -1), (0, 1_000_000_000),
    ] as [(Int64, Int32)])
  func aMessageWithAnInvalidOneIsRefused(seconds: Int64, nanos: Int32) {
    var message = Customer<String>()
    message.effectiveAt = Timestamp(seconds: seconds, nanos: nanos)
    #expect(message.effectiveAt?.rfc3339 == nil)
    let error = #expect(throws: DecodingError.self) {
      try message.protobuf.withUnsafeBytes { _ = try Customer<String>(protobuf: $0) }
    }
    #expect(error?.reason == .timestampOutOfRange)
  }

  @Test func comesInOrder() {
    let times = [Timestamp(seconds: -1, nanos: 9), Timestamp(), Timestamp(nanos: 1), Timestamp(seconds: 1)]
    #expect(times.reversed().sorted() == times)
  }
}
