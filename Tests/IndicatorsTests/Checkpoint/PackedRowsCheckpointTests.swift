import Contract
import Foundation
import Indicators
import Randomness
import Testing

@Suite("Packed rows in a checkpoint")
struct PackedRowsCheckpointTests {
  /// The seed of the first set; PARTNERPULSE_PROPERTY_SEED says another one.
  private static let firstSeed =
    ProcessInfo.processInfo.environment["PARTNERPULSE_PROPERTY_SEED"].flatMap { UInt64($0) } ?? 1

  private func rows(_ random: inout SplitMix64) -> PackedRows {
    let months = random.pick([1..<3, 280..<330, -200..<400, -119_999..<120_000] as [Range<Int32>])
    var rows: [Int32: MonthRow] = [:]
    for _ in 0..<1 + random.below(20) {
      let month = months.lowerBound + Int32(random.below(months.count))
      let component = random.pick(Component.allCases)
      let value = Int64(bitPattern: random.next()) >> Int64(random.below(64))
      rows[month, default: MonthRow(month: month, values: ComponentValues())].values[component] =
        component.isLevel ? value : Int64(value.magnitude & UInt64(Int64.max))
    }
    return PackedRows(rows.values.sorted { $0.month < $1.month })
  }

  private func written(_ rows: PackedRows) -> [UInt8] {
    var writer = StateWriter()
    rows.write(to: &writer)
    return writer.bytes
  }

  /// Nil for bytes that are damaged.
  private func read(_ bytes: [UInt8]) -> PackedRows? {
    bytes.withUnsafeBytes { bytes in
      var reader = StateReader(bytes)
      let rows = try? PackedRows(from: &reader)
      return reader.isAtEnd ? rows : nil
    }
  }

  @Test("are read as they were written", arguments: (0..<300).map { firstSeed + $0 })
  func roundTrip(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let rows = rows(&random)
    guard !rows.isEmpty else { return }
    let copy = try #require(read(written(rows)))
    #expect(copy == rows && copy.rows == rows.rows && copy.byteCount == rows.byteCount, "seed \(seed)")
  }

  @Test(
    "with other bytes are damaged, or others that packing gives", arguments: (0..<300).map { firstSeed + $0 })
  func damage(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let bytes = written(rows(&random))
    var damaged = 0
    for _ in 0..<200 where !bytes.isEmpty {
      var other = bytes
      for _ in 0..<1 + random.below(3) {
        other[random.below(other.count)] = random.pick([0, 1, 0x7F, 0x80, 0xFF, UInt8(random.below(256))])
      }
      if random.percent(10) { other.removeLast(1 + random.below(other.count)) }
      guard let rows = read(other) else {
        damaged += 1
        continue
      }
      // What is taken for whole is what its rows are packed to, to the byte.
      #expect(written(PackedRows(rows.rows)) == other, "seed \(seed)")
    }
    #expect(damaged > 0 || bytes.isEmpty, "seed \(seed)")
  }

  @Test("may be messages, as they were written before")
  func formerSection() throws {
    let state = RankingState()
    var former = StateWriter()
    former.write(UInt8(3))
    former.write(UInt32(20))
    for partner in 0..<20 {
      var partial = PartnerPartial()
      partial.partnerID = "partner-\(partner)"
      partial.eligible = [MonthRange(from: 200, until: nil)]
      state.apply(partial)
      // Cells are numbered as they come.
      former.write(UInt64(1))
      former.write(Int32(partner % 2))
      let sources = 1 + partner % 3
      former.write(UInt64(sources))
      for source in 0..<UInt32(sources) {
        var rows = MonthRow(month: 300 + Int32(source), values: ComponentValues())
        rows.values[.billedMicros] = Int64(partner + 1) * 7_919
        var message = PartnerPartial()
        message.rows = [rows]
        var encoded: [UInt8] = []
        message.encode(into: &encoded)
        former.write(source)
        former.write(encoded)
        message.partnerID = partial.partnerID
        message.newestEventTime = Timestamp(seconds: 1_760_000_000)
        message.cell = Cell(product: "product-\(partner % 2)")
        message.source = source
        state.apply(message)
      }
    }
    state.discardChanges()
    let chunks = state.chunks().all()
    #expect(chunks.first?.first == 4)
    let restored = try RankingState(chunks: [former.bytes] + chunks.dropFirst())
    #expect(restored.chunks().all() == chunks)
  }
}
