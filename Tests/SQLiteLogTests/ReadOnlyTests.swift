import Contract
import EventLog
import Foundation
import SQLiteLog
import Testing

/// A log that is only read. Tests that need a file which cannot be written are in Tests/system/test_reading.py, since root may
/// write any.
@Suite struct ReadOnlyTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func reading() throws -> SQLiteLog {
    try SQLiteLog(path: directory.logPath, access: .reading, options: .test)
  }

  private var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() }
  }

  /// A log in which two records were written and closed.
  private func closedLog() throws { try directory.log().write(.partners, 0, ["a", "b"]) }

  @Test func aClosedLogIsReadAndLeftAsItIs() throws {
    try closedLog()
    let before = try Data(contentsOf: URL(fileURLWithPath: directory.logPath))
    let log = try reading()
    #expect(try log.contents([.partners, .customers]).map(\.value) == ["a", "b"])
    #expect(try log.ends([TopicPartition(.partners, 0)]) == [TopicPartition(.partners, 0): 2])
    #expect(try log.partitionCounts(of: [.partners]) == [.partners: 2])
    #expect(try log.committed([TopicPartition(.partners, 0)], of: "g").isEmpty)
    #expect(try log.identity().count == 32)
    #expect(try files == ["events.db"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: directory.logPath)) == before)
  }

  @Test func nothingCanBeWritten() throws {
    try closedLog()
    let log = try reading()
    let attempts: [() throws -> Void] = [
      { _ = try log.writer() }, { try log.createTopics(partitions: 2) },
      { try log.deleteTopics([.partners]) },
      { try log.deleteGroups(["g"]) }, { try log.deleteRecords(before: [:]) },
      { _ = try log.member("g", [.partners]) },
    ]
    for attempt in attempts {
      let error = #expect(throws: LogError.self) { try attempt() }
      #expect(error?.kind == .unusable)
      #expect(error?.code == "READ_ONLY")
    }
    #expect(try files == ["events.db"])
  }

  @Test func aWriterThatComesIsFollowed() throws {
    try closedLog()
    let log = try reading()
    let reader = try log.reader([.partners])
    var values: [String?] = []
    func poll(_ timeout: Int32 = 0) throws -> Bool {
      try reader.poll(timeout: timeout) { values += $0.map(Copy.init).map(\.value) }
    }
    #expect(try poll())
    for value in ["c", "d"] {
      // It comes and goes; the log is closed in between.
      do {
        let writing = try SQLiteLog(path: directory.logPath, options: .test)
        try writing.write(.partners, 1, [value])
        #expect(
          try eventually {
            _ = try poll(100)
            return values.last == value
          })
        #expect(try log.ends([TopicPartition(.partners, 1)]).values.first == Int64(values.count - 2))
      }
    }
    #expect(values == ["a", "b", "c", "d"])
  }

  @Test func whatComesBetweenTwoPollsIsNotMissed() throws {
    try closedLog()
    let log = try reading()
    let reader = try log.reader([.partners], from: .end)
    // Closed again, so that all is in the file.
    try SQLiteLog(path: directory.logPath, options: .test).write(.partners, 0, ["c"])
    #expect(try files == ["events.db"])
    var values: [String?] = []
    _ = try reader.poll(timeout: 1000) { values += $0.map(Copy.init).map(\.value) }
    #expect(values == ["c"])
    try reader.awaitEnd()
    #expect(try reader.poll(timeout: 0) { _ in })
    #expect(try log.ends([TopicPartition(.partners, 0)]).values.first == 3)
  }

  @Test func aWriterLeavesAllInTheFileWhileSomebodyReads() throws {
    let log: SQLiteLog
    do {
      let writing = try directory.log()
      try writing.write(.partners, 0, ["a"])
      log = try reading()
      #expect(try log.contents([.partners]).count == 1)
      try writing.write(.partners, 0, ["b"])
    }
    // What the reader keeps in place is not needed.
    let copy = directory.path + "/copy.db"
    try FileManager.default.copyItem(atPath: directory.logPath, toPath: copy)
    #expect(try SQLiteLog(path: copy, access: .reading, options: .test).contents([.partners]).count == 2)
    #expect(try log.contents([.partners]).count == 2)
  }

  @Test func anotherLogInItsPlaceIsSaid() throws {
    try closedLog()
    let log = try reading()
    let reader = try log.reader([.partners])
    #expect(try reader.poll(timeout: 0) { _ in })
    let other = try TemporaryDirectory()
    try other.log().write(.partners, 0, ["x"])
    #expect(rename(other.logPath, directory.logPath) == 0)
    for attempt in [
      { _ = try reader.poll(timeout: 1000) { _ in } }, { _ = try log.ends([TopicPartition(.partners, 0)]) },
    ] as [() throws -> Void] {
      let error = #expect(throws: LogError.self) { try attempt() }
      #expect(error?.code == "FILE_REPLACED")
      #expect(error?.message.contains(directory.logPath) == true)
    }
  }

  /// Writes without closing, as the process that is killed does.
  private static let killed = """
    import sqlite3
    log = sqlite3.connect(sys.argv[1])
    log.execute("INSERT INTO records SELECT id, 0, 2, 0, x'6b', x'63', NULL FROM topics WHERE name = 'partners'")
    log.execute("UPDATE partitions SET next_offset = 3 WHERE partition = 0 AND topic = (SELECT id FROM topics WHERE name = 'partners')")
    log.commit()
    """

  @Test(.enabled(if: OtherProcess.isAvailable), arguments: [true, false])
  func whatAKilledWriterLeftIsRead(hasSharedMemory: Bool) throws {
    try closedLog()
    try OtherProcess(Self.killed, directory.logPath).kill()
    #expect(try files == ["events.db", "events.db-shm", "events.db-wal"])
    if !hasSharedMemory { try FileManager.default.removeItem(atPath: directory.logPath + "-shm") }
    let before = try files
    do {
      let log = try reading()
      #expect(try log.contents([.partners]).map(\.value) == ["a", "b", "c"])
      #expect(try log.ends([TopicPartition(.partners, 0)]).values.first == 3)
    }
    #expect(try files == before)
    #expect(try SQLiteLog(path: directory.logPath, options: .test).contents([.partners]).count == 3)
    #expect(try files == ["events.db"])
  }

  @Test(arguments: ["a?b#c%20d&e=f.db", "caf\u{e9} \u{1f600}.db", "'\"\\.db", "file:x.db", "+.db"])
  func anyPathIsRead(name: String) throws {
    try closedLog()
    let path = directory.path + "/" + name
    try FileManager.default.copyItem(atPath: directory.logPath, toPath: path)
    #expect(try SQLiteLog(path: path, access: .reading, options: .test).contents([.partners]).count == 2)
    let link = directory.path + "/link.db"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    #expect(try SQLiteLog(path: link, access: .reading, options: .test).contents([.partners]).count == 2)
  }

  @Test func whatIsNoLogIsRefusedAndLeftAlone() throws {
    func refusal() throws -> LogError? {
      let before = try files
      let error = #expect(throws: LogError.self) { try reading() }
      #expect(error?.kind == .unusable)
      #expect(error?.message.contains(directory.logPath) == true)
      #expect(try files == before)
      return error
    }
    #expect(try refusal()?.code == "SQLITE_CANTOPEN")
    try Data().write(to: URL(fileURLWithPath: directory.logPath))
    #expect(try refusal()?.code == "EMPTY_FILE")
    try Data(repeating: 65, count: 10_000).write(to: URL(fileURLWithPath: directory.logPath))
    #expect(try refusal()?.code == "SQLITE_NOTADB")
    try FileManager.default.removeItem(atPath: directory.logPath)
    try Connection(path: directory.logPath, busyTimeout: 0).execute("CREATE TABLE theirs (x)")
    #expect(try refusal()?.code == "FOREIGN_FILE")
    try FileManager.default.removeItem(atPath: directory.logPath)
    try closedLog()
    try Connection(path: directory.logPath, busyTimeout: 0).execute("PRAGMA user_version = 9")
    #expect(try refusal()?.code == "UNKNOWN_VERSION")
    try FileManager.default.removeItem(atPath: directory.logPath)
    try FileManager.default.createDirectory(atPath: directory.logPath, withIntermediateDirectories: false)
    #expect(try refusal()?.message.contains("directory") == true)
  }

  /// Writers open and close all the time, so that a reader meets each state of the file.
  @Test func readersMissNothingWhileWritersComeAndGo() throws {
    try closedLog()
    let (path, count) = (directory.logPath, 40)
    let threads = Threads()
    threads.start {
      for number in 0..<count {
        try SQLiteLog(path: path, options: .test).write(.customers, 0, ["\(number)"])
        usleep(UInt32(number % 5) * 3_000)
      }
    }
    for _ in 0..<3 {
      threads.start {
        let log = try SQLiteLog(path: path, access: .reading, options: .test)
        let reader = try log.reader([.customers])
        var values: [String?] = []
        let isAll = try eventually(seconds: 60) {
          _ = try reader.poll(timeout: 50) { values += $0.map(Copy.init).map(\.value) }
          return values.count >= count
        }
        if !isAll || values != (0..<count).map({ "\($0)" }) { Issue.record("\(values)") }
      }
    }
    #expect(threads.join() == [])
  }
}
