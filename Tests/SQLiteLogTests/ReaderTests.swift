import Contract
import EventLog
import Foundation
import SQLiteLog
import Testing

@Suite struct ReaderTests {
  let directory: TemporaryDirectory
  let log: SQLiteLog

  init() throws {
    directory = try TemporaryDirectory()
    log = try directory.log()
  }

  @Test func anEmptyLogIsReadAtOnce() throws {
    let start = Date()
    let reader = try log.reader([.partners, .customers])
    #expect(try reader.poll(timeout: 60_000) { _ in Issue.record("there is no record") })
    #expect(Date().timeIntervalSince(start) < 30)
  }

  @Test func theEndIsThatOfTheReadersBeginning() throws {
    var options = SQLiteLog.Options.test
    options.fetchRecords = 2
    let log = try SQLiteLog(path: directory.logPath, options: options)
    try log.write(.partners, 0, ["a", "b", "c"])
    let reader = try log.reader([.partners])
    try log.write(.partners, 0, ["later"])
    var values: [String?] = []
    func poll() throws -> Bool { try reader.poll(timeout: 0) { values += $0.map(Copy.init).map(\.value) } }
    #expect(try !poll())
    #expect(values == ["a", "b"])
    #expect(try poll())
    #expect(values == ["a", "b", "c", "later"])
    try log.write(.partners, 1, ["last"])
    #expect(try poll())
    #expect(values.last == "last")
    #expect(try poll())
    #expect(values.count == 5)
  }

  @Test func aReaderStartsAtTheFirstRecordThatIsLeft() throws {
    try log.write(.partners, 0, ["a", "b", "c"])
    try log.deleteRecords(before: [TopicPartition(.partners, 0): 2, TopicPartition(.partners, 1): 9])
    #expect(try log.contents([.partners]) == [Copy(.partners, 0, 2, "k", "c")])
    #expect(try log.ends([TopicPartition(.partners, 1)]).values.first == 0)
  }

  // Holds REL-10.
  @Test func aReaderWhoseRecordsGoAwayIsTold() throws {
    try log.write(.partners, 0, ["a", "b", "c"])
    let reader = try log.reader([.partners])
    try log.deleteRecords(before: [TopicPartition(.partners, 0): 2])
    let error = #expect(throws: LogError.self) { try reader.poll(timeout: 0) { _ in } }
    #expect(error?.code == "OFFSET_OUT_OF_RANGE")
  }

  @Test func timestampsAreKept() throws {
    let writer = try log.writer()
    let before = Int64(Date().timeIntervalSince1970 * 1000)
    let key: [UInt8] = [1]
    for timestamp in [12_345, nil] as [Int64?] {
      let outcome = key.withUnsafeBytes { key in
        Result { try writer.append(.partners, partition: 0, key: key, value: key, timestamp: timestamp) }
      }
      try outcome.get()
    }
    try writer.flush()
    var timestamps: [Int64?] = []
    _ = try log.reader([.partners]).poll(timeout: 0) { timestamps += $0.map(\.timestamp) }
    try #require(timestamps.count == 2)
    #expect(timestamps[0] == 12_345)
    let now = try #require(timestamps[1])
    #expect(now >= before && now < before + 600_000)
  }
}
