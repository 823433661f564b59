import Contract
import EventLog
import Foundation
import SQLiteLog
import Testing

@Suite struct WriterTests {
  let directory: TemporaryDirectory
  let log: SQLiteLog

  init() throws {
    directory = try TemporaryDirectory()
    log = try directory.log()
  }

  @Test func recordsAreThereAfterTheFlush() throws {
    let writer = try log.writer()
    try writer.append(.partners, 0, "a", "1")
    #expect(try log.contents([.partners]).isEmpty)
    try writer.flush()
    #expect(try log.contents([.partners]).count == 1)
    try writer.flush()
    #expect(try log.contents([.partners]).count == 1)
  }

  @Test func anUnknownPartitionIsRefusedAndTheRestGoesIn() throws {
    let writer = try log.writer()
    try writer.append(.partners, 0, "a", "1")
    #expect(throws: LogError.self) { try writer.append(.partners, 2, "b", "2") }
    try writer.append(.partners, 1, "c", "3")
    try writer.flush()
    #expect(try log.contents([.partners]).map(\.key).sorted() == ["a", "c"])
  }

  @Test func whatCouldNotBeWrittenIsKept() throws {
    var options = SQLiteLog.Options.test
    options.busyTimeout = 10
    let writer = try SQLiteLog(path: directory.logPath, options: options).writer()
    let other = try Connection(path: directory.logPath, busyTimeout: 0)
    try other.execute("BEGIN IMMEDIATE")
    try writer.append(.partners, 0, "a", "1")
    let error = #expect(throws: LogError.self) { try writer.flush() }
    #expect(error?.kind == .retriable)
    try other.execute("COMMIT")
    try writer.flush()
    #expect(try log.contents([.partners]) == [Copy(.partners, 0, 0, "a", "1")])
  }

  /// A record far ahead of the clock would let an event be as far ahead.
  // Holds SEM-69 and SEM-70.
  @Test func aRecordAheadOfTimeIsRefusedAndTheRestGoesIn() throws {
    var refused: [RefusedRecord] = []
    let writer = try log.writer { refused.append($0) }
    let now = Int64(Date().timeIntervalSince1970 * 1000)
    let times = [now, now + RecordTimeBound.ahead - 60_000, now + RecordTimeBound.ahead + 60_000, 1]
    try [UInt8]([65]).withUnsafeBytes { byte in
      for (tag, time) in times.enumerated() {
        try writer.append(.partners, partition: 0, key: byte, value: byte, timestamp: time, tag: tag)
      }
    }
    try writer.flush()
    #expect(refused.map(\.tag) == [2])
    #expect(refused.first?.reason.code == "INVALID_TIMESTAMP")
    #expect(try log.contents([.partners]).count == 3)
  }

  @Test func withoutAHandlerARefusalIsAnError() throws {
    let writer = try log.writer()
    let error = #expect(throws: LogError.self) {
      try [UInt8]([65]).withUnsafeBytes {
        try writer.append(.partners, partition: 0, key: $0, value: $0, timestamp: .max)
      }
    }
    #expect(error?.message.contains("60 minutes ahead") == true)
    try writer.flush()
    #expect(try log.contents([.partners]).isEmpty)
  }

  @Test func aLargeBufferIsWrittenUnasked() throws {
    let writer = try log.writer()
    let value = String(repeating: "v", count: 1 << 20)
    for _ in 0..<9 { try writer.append(.partners, 0, "a", value) }
    #expect(try log.contents([.partners]).count == 8)
    try writer.flush()
    #expect(try log.contents([.partners]).map(\.offset) == Array(0..<9))
  }

  @Test func writersOnThreadsTakeTurns() throws {
    let threads = Threads()
    for number in 0..<4 {
      threads.start { [log] in
        let writer = try log.writer()
        for round in 0..<50 {
          try writer.append(.partners, 0, "\(number)", "\(round)")
          try writer.flush()
        }
      }
    }
    #expect(threads.join() == [])
    let contents = try log.contents([.partners])
    #expect(contents.map(\.offset) == Array(0..<200))
    for number in 0..<4 {
      #expect(contents.filter { $0.key == "\(number)" }.map(\.value) == (0..<50).map { "\($0)" })
    }
  }
}
