import Contract
import EventLog
import Testing

@Suite struct OutputBatchTests {
  struct Seen: Equatable {
    var topic: Topic
    var partition: Int32
    var key: [UInt8]
    var value: [UInt8]?
    var headers: [String]
  }

  private func contents(_ batch: OutputBatch) -> [Seen] {
    var seen: [Seen] = []
    func note(
      _ topic: Topic, _ partition: Int32, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?,
      _ headers: [OutputBatch.Header]
    ) {
      let texts = headers.map { "\($0.name)=\(String(decoding: $0.value, as: UTF8.self))" }
      seen.append(
        Seen(
          topic: topic, partition: partition, key: Array(key), value: value.map(Array.init), headers: texts))
    }
    batch.forEach(note)
    return seen
  }

  @Test func recordsComeBackInOrderAndWhole() {
    var batch = OutputBatch()
    batch.append(.partnerPartials, partition: 3, key: Array("a".utf8), value: Array("one".utf8))
    batch.appendTombstone(.indicatorSnapshots, partition: 0, key: Array("bb".utf8))
    batch.append(
      .rejectedEvents, partition: 1, key: [UInt8](), value: [UInt8](),
      headers: [("reason", Array("late".utf8)), ("topic", [])])
    batch.append(.partnerPartials, partition: 3, key: Array("a".utf8), value: Array("two".utf8))
    #expect(
      contents(batch) == [
        Seen(topic: .partnerPartials, partition: 3, key: [97], value: Array("one".utf8), headers: []),
        Seen(topic: .indicatorSnapshots, partition: 0, key: [98, 98], value: nil, headers: []),
        Seen(topic: .rejectedEvents, partition: 1, key: [], value: [], headers: ["reason=late", "topic="]),
        Seen(topic: .partnerPartials, partition: 3, key: [97], value: Array("two".utf8), headers: []),
      ])
    #expect(batch.count == 4)
    #expect(batch.byteCount == 1 + 3 + 2 + 1 + 3)
  }

  @Test func anEmptiedBatchHoldsOnlyWhatComesAfter() {
    var batch = OutputBatch()
    batch.append(
      .rejectedEvents, partition: 1, key: [1], value: [2] as [UInt8], headers: [("old", [UInt8(0)])])
    batch.removeAll()
    #expect(batch.isEmpty)
    #expect(batch.byteCount == 0)
    batch.append(.rejectedEvents, partition: 2, key: [3], value: [4] as [UInt8], headers: [("new", [])])
    #expect(
      contents(batch) == [
        Seen(topic: .rejectedEvents, partition: 2, key: [3], value: [4], headers: ["new="])
      ])
  }

  @Test func anErrorOfTheBodyEndsTheWalk() {
    struct Stop: Error, Equatable { var at: Int }
    var batch = OutputBatch()
    for index in 0..<5 { batch.append(.partners, partition: 0, key: [UInt8(index)], value: [] as [UInt8]) }
    var calls = 0
    func stop(
      _: Topic, _: Int32, _: UnsafeRawBufferPointer, _: UnsafeRawBufferPointer?, _: [OutputBatch.Header]
    ) throws(Stop) {
      calls += 1
      if calls == 3 { throw Stop(at: calls) }
    }
    #expect(throws: Stop(at: 3)) { try batch.forEach(stop) }
    #expect(calls == 3)
  }
}
