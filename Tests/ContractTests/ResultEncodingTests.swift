import Contract
import Testing

@Suite struct ResultEncodingTests {
  private static let snapshot = {
    var snapshot = IndicatorSnapshot()
    (snapshot.partnerID, snapshot.month) = ("acme", "2026-11")
    snapshot.cell = Cell(product: "p", country: "FR")
    snapshot[.monthlyActiveUsers] = Indicator(value: 3.5, previous: nil, trend: .up, bar: 4)
    snapshot.components = ComponentValues()
    snapshot.asOf = Timestamp(seconds: 1_600_000_000, nanos: 5_000_000)
    return snapshot
  }()

  private static func encoding(_ format: OutputFormat) -> ResultEncoding {
    switch format {
    case .confluent:
      ResultEncoding(format, snapshotFrame: ConfluentFrame.bytes(schema: 300, message: 1))
    case .confluentJSON: ResultEncoding(format, snapshotFrame: ConfluentFrame.bytes(schema: 300))
    default: ResultEncoding(format)
    }
  }

  @Test(arguments: OutputFormat.all.map(\.format))
  func whatIsWrittenIsRead(_ format: OutputFormat) throws {
    var bytes: [UInt8] = [1, 2]
    Self.encoding(format).encode(Self.snapshot, into: &bytes)
    #expect(bytes[..<2] == [1, 2])
    let value = Array(bytes[2...])
    let read = try value.withUnsafeBytes { try IndicatorSnapshot(payload: $0) }
    #expect(read == Self.snapshot)
    let frame = value.withUnsafeBytes { ConfluentFrame($0) }
    #expect(frame?.id == (format.isFramed ? 300 : nil))
    #expect(frame?.isJSON == (format.isFramed ? format.isJSON : nil))
  }

  @Test func framesAreThoseOfTheProtocol() {
    #expect(ConfluentFrame.bytes(schema: 0x0102_0304) == [0, 1, 2, 3, 4])
    #expect(ConfluentFrame.bytes(schema: 7, message: 0) == [0, 0, 0, 0, 7, 0])
    #expect(ConfluentFrame.bytes(schema: 7, message: 4) == [0, 0, 0, 0, 7, 2, 8])
    #expect(ConfluentFrame.bytes(schema: 7, message: 100) == [0, 0, 0, 0, 7, 2, 0xc8, 1])
  }

  @Test(arguments: [[], [0], [0, 1, 2, 3], [8, 0, 0, 0, 1]] as [[UInt8]])
  func whatHasNoFrameHasNoSchema(_ bytes: [UInt8]) {
    #expect(bytes.withUnsafeBytes { ConfluentFrame($0) } == nil)
  }
}
