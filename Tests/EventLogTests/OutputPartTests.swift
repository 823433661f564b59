import Contract
import EventLog
import Testing

@Suite("Parts of a batch") struct OutputPartTests {
  /// Ten records of two bytes, of which every third is written once.
  private func batch() -> OutputBatch {
    var batch = OutputBatch()
    for number in 0..<10 {
      batch.append(
        number % 3 == 0 ? .rejectedEvents : .partnerPartials, partition: 0, key: Array("\(number)".utf8),
        value: Array("v".utf8), headers: number % 3 == 0 ? [Header("n", "\(number)".utf8)] : [],
        once: number % 3 == 0)
    }
    return batch
  }

  private func parts(of batch: OutputBatch, bytes: Int, records: Int) -> [[String]] {
    var parts: [[String]] = []
    var start: Int? = 0
    while let from = start {
      let part = batch.part(from: from, OutputRoom(bytes: bytes, records: records))
      var keys: [String] = []
      part.outputs.forEach { record in
        keys.append(
          String(decoding: record.key ?? UnsafeRawBufferPointer(start: nil, count: 0), as: UTF8.self))
        for header in record.headers {
          #expect(String(decoding: header.value.map(Array.init) ?? [], as: UTF8.self) == keys.last)
        }
      }
      parts.append(keys)
      start = part.next
    }
    return parts
  }

  @Test func allIsOneWhereItFits() {
    #expect(
      parts(of: batch(), bytes: 100, records: 100) == [["1", "2", "4", "5", "7", "8", "0", "3", "6", "9"]])
  }

  @Test func whatIsWrittenOnceIsInTheLast() {
    let once = ["0", "3", "6", "9"]
    #expect(parts(of: batch(), bytes: 4, records: 100) == [["1", "2"], ["4", "5"], ["7", "8"] + once])
    #expect(parts(of: batch(), bytes: 100, records: 4) == [["1", "2", "4", "5"], ["7", "8"] + once])
    // A record that is larger than the limit has a part of its own.
    #expect(parts(of: batch(), bytes: 1, records: 9).dropLast() == [["1"], ["2"], ["4"], ["5"], ["7"]])
  }

  /// As a stage leaves it that looks whether there is room once for several records.
  @Test func fewRecordsTooManyAreNoPartOfTheirOwn() {
    func sizes(_ count: Int, bytes: Int = .max, records: Int = .max) -> [Int] {
      var batch = OutputBatch()
      for _ in 0..<count { batch.append(.partnerPartials, partition: 0, key: [1], value: [2]) }
      return parts(of: batch, bytes: bytes, records: records).map(\.count)
    }
    #expect(sizes(66, records: 64) == [66])
    #expect(sizes(67, records: 64) == [64, 3])
    // The limit of bytes is for what lies before a record.
    #expect(sizes(66, bytes: 128) == [66])
    #expect(sizes(67, bytes: 128) == [64, 3])
    #expect(sizes(3, bytes: 0) == [1, 1, 1])
    #expect(sizes(0) == [0])
  }

  @Test func recordsAreCountedByTopic() {
    let batch = batch()
    #expect(batch.count == 10)
    #expect(batch.count(of: .rejectedEvents) == 4)
    let part = batch.part(from: 0, OutputRoom(bytes: 4, records: 9)).outputs
    #expect(part.count(of: .partnerPartials) == 2)
    #expect(part.count(of: .rejectedEvents) == 0)
    var emptied = batch
    emptied.removeAll()
    #expect(emptied.isEmpty)
    #expect(emptied.count(of: .rejectedEvents) == 0)
  }
}
