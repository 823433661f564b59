import Contract
import EventLog
import Testing

@Suite struct OutputBatchTests {
  struct Seen: Equatable {
    var topic: Topic
    var partition: Int32
    var key: [UInt8]?
    var value: [UInt8]?
    var timestamp: Int64?
    var headers: [Header] = []
  }

  private func contents(_ batch: OutputBatch) -> [Seen] {
    var seen: [Seen] = []
    batch.forEach { record in
      seen.append(
        Seen(
          topic: record.topic, partition: record.partition, key: record.key.map(Array.init),
          value: record.value.map(Array.init), timestamp: record.timestamp,
          headers: record.headers.map(Header.init)))
    }
    return seen
  }

  @Test func recordsComeBackInOrderAndWhole() {
    var batch = OutputBatch()
    batch.append(.partnerPartials, partition: 3, key: Array("a".utf8), value: Array("one".utf8))
    batch.appendTombstone(.indicatorSnapshots, partition: 0, key: Array("bb".utf8))
    batch.append(
      .rejectedEvents, partition: 1, key: [UInt8](), value: [UInt8](),
      headers: [Header("reason", "late".utf8), Header("topic", [])])
    batch.append(.partnerPartials, partition: 3, key: Array("a".utf8), value: Array("two".utf8))
    #expect(
      contents(batch) == [
        Seen(topic: .partnerPartials, partition: 3, key: [97], value: Array("one".utf8)),
        Seen(topic: .indicatorSnapshots, partition: 0, key: [98, 98], value: nil),
        Seen(
          topic: .rejectedEvents, partition: 1, key: [], value: [],
          headers: [Header("reason", "late".utf8), Header("topic", [])]),
        Seen(topic: .partnerPartials, partition: 3, key: [97], value: Array("two".utf8)),
      ])
    #expect(batch.count == 4)
    // Of headers, also their frame and the lengths of names and values.
    #expect(batch.byteCount == 1 + 3 + 2 + 1 + 3 + 8 + 4 * 4 + 6 + 4 + 5)
  }

  @Test func anEmptiedBatchHoldsOnlyWhatComesAfter() {
    var batch = OutputBatch()
    batch.append(
      .rejectedEvents, partition: 1, key: [1], value: [2] as [UInt8], headers: [Header("old", [0])])
    batch.removeAll()
    #expect(batch.isEmpty)
    #expect(batch.byteCount == 0)
    batch.append(.rejectedEvents, partition: 2, key: [3], value: [4] as [UInt8], headers: [Header("new", [])])
    #expect(
      contents(batch) == [
        Seen(topic: .rejectedEvents, partition: 2, key: [3], value: [4], headers: [Header("new", [])])
      ])
  }

  @Test func aRecordIsCarriedAsItCame() {
    let headers = [
      Header("trace", "42".utf8), Header(name: [0xff], value: nil), Header("trace", []), Header("", "x".utf8),
    ]
    var first = OutputBatch()
    first.append(
      .rejectedEvents, partition: 1, key: [UInt8]?.none, value: [UInt8]?.none, timestamp: -7, headers: headers
    )
    var batch = OutputBatch()
    batch.append(.rejectedEvents, partition: 0, key: [1], value: [2] as [UInt8])
    first.forEach { record in
      for count in [Int.max, 2] {
        batch.append(
          record.topic, partition: record.partition, key: record.key, value: record.value,
          timestamp: record.timestamp, carried: record.headers, carriedCount: count,
          headers: [Header("reason", "late".utf8)])
      }
    }
    var whole = OutputBatch()
    whole.append(contentsOf: batch)
    whole.append(contentsOf: batch)
    let carried = { (headers: [Header]) in
      Seen(
        topic: .rejectedEvents, partition: 1, key: nil, value: nil, timestamp: -7,
        headers: headers + [Header("reason", "late".utf8)])
    }
    let plain = Seen(topic: .rejectedEvents, partition: 0, key: [1], value: [2])
    let once = [plain, carried(headers), carried(Array(headers.prefix(2)))]
    #expect(contents(whole) == once + once)
  }

  @Test func anErrorOfTheBodyEndsTheWalk() {
    struct Stop: Error, Equatable { var at: Int }
    var batch = OutputBatch()
    for index in 0..<5 { batch.append(.partners, partition: 0, key: [UInt8(index)], value: [] as [UInt8]) }
    var calls = 0
    func stop(_: OutputRecord) throws(Stop) {
      calls += 1
      if calls == 3 { throw Stop(at: calls) }
    }
    #expect(throws: Stop(at: 3)) { try batch.forEach(stop) }
    #expect(calls == 3)
  }
}
