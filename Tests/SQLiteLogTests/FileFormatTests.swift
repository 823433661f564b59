import Contract
import EventLog
import Foundation
import SQLiteLog
import Testing

@Suite struct FileFormatTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func openingFails(_ path: String) -> LogError? {
    #expect(throws: LogError.self) { try SQLiteLog(path: path, options: .test) }
  }

  @Test func anEmptyFileBecomesALog() throws {
    try Data().write(to: URL(fileURLWithPath: directory.logPath))
    let log = try directory.log()
    try log.write(.partners, 0, ["a"])
    #expect(try log.contents([.partners]).count == 1)
  }

  @Test func anIdentityStaysAndIsTheFilesOwn() throws {
    let log = try directory.log()
    let identity = try log.identity()
    #expect(identity.count == 32)
    #expect(try SQLiteLog(path: directory.logPath, options: .test).identity() == identity)
    #expect(try TemporaryDirectory().log().identity() != identity)
  }

  @Test func aFileThatIsNotSQLiteIsRefused() throws {
    try Data(repeating: 65, count: 10_000).write(to: URL(fileURLWithPath: directory.logPath))
    let error = openingFails(directory.logPath)
    #expect(error?.kind == .unusable)
    #expect(error?.code == "SQLITE_NOTADB")
    #expect(error?.message.contains(directory.logPath) == true)
  }

  @Test func anotherProgramsFileIsRefusedAndLeftAlone() throws {
    do {
      let other = try Connection(path: directory.logPath, busyTimeout: 0)
      try other.execute("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)")
    }
    let before = try Data(contentsOf: URL(fileURLWithPath: directory.logPath))
    let error = openingFails(directory.logPath)
    #expect(error?.kind == .unusable)
    #expect(error?.message.contains("another program") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: directory.logPath)) == before)
  }

  @Test func aNewerVersionIsRefused() throws {
    _ = try directory.log()
    try Connection(path: directory.logPath, busyTimeout: 0).execute("PRAGMA user_version = 3")
    let error = openingFails(directory.logPath)
    #expect(error?.kind == .unusable)
    #expect(error?.message.contains("format 3") == true)
  }

  @Test func aDamagedFileIsAnUnusableError() throws {
    do {
      let log = try directory.log()
      try log.write(.partners, 0, (0..<2000).map { "value \($0)" })
    }
    // The last connection is closed, so all is in the file itself; its first page, with the schema, stays whole.
    var bytes = try Data(contentsOf: URL(fileURLWithPath: directory.logPath))
    try #require(bytes.count > 10 * 8192)
    for index in 8192..<bytes.count { bytes[index] = 0xff }
    try bytes.write(to: URL(fileURLWithPath: directory.logPath))
    let error = #expect(throws: LogError.self) {
      _ = try SQLiteLog(path: directory.logPath, options: .test).contents([.partners])
    }
    #expect(error?.kind == .unusable)
    #expect(error?.code == "SQLITE_CORRUPT")
  }

  @Test func aMissingDirectoryIsNamed() throws {
    let path = directory.path + "/missing/events.db"
    let error = openingFails(path)
    #expect(error?.kind == .unusable)
    #expect(error?.message.contains(path) == true)
  }

  // Root may write everywhere.
  @Test(.enabled(if: geteuid() != 0)) func aReadOnlyDirectoryIsNamed() throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: directory.path)
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: directory.path) }
    let error = openingFails(directory.logPath)
    #expect(error?.kind == .unusable)
    #expect(error?.message.contains(directory.logPath) == true)
  }

  #if os(Linux)
    @Test func aDirectoryWhereNobodyCanWriteIsNamed() throws {
      let error = openingFails("/proc/events.db")
      #expect(error?.kind == .unusable)
      #expect(error?.message.contains("/proc/events.db") == true)
    }
  #endif

  @Test func aNewLogMayHaveItsTopicsFromTheStart() throws {
    let log = try SQLiteLog(path: directory.logPath, partitions: 3, options: .test)
    #expect(try log.checkTopics(log.topics).values.allSatisfy { $0 == 3 })
    // What there is stays as it is.
    let again = try SQLiteLog(path: directory.logPath, partitions: 5, options: .test)
    #expect(try again.checkTopics([.partners]) == [.partners: 3])
  }

  /// Somebody was killed before the topics were made.
  @Test func aLogWithoutTopicsGetsThem() throws {
    _ = try SQLiteLog(path: directory.logPath, options: .test)
    let log = try SQLiteLog(path: directory.logPath, partitions: 3, options: .test)
    #expect(try log.checkTopics(log.topics).count == log.topics.count)
  }

  /// Nobody may see a new log without its topics: others would take it for one that lacks them.
  @Test func aLogAndItsTopicsAppearAtOnce() throws {
    let path = directory.logPath
    let threads = Threads()
    for _ in 0..<6 {
      threads.start {
        let log = try SQLiteLog(path: path, partitions: 3, options: .test)
        try log.write(.partners, 2, ["a"])
      }
    }
    let looker = try Connection(path: path, busyTimeout: 5_000)
    var tables: Int64 = 0
    while tables == 0 {
      tables = try looker.read { () throws(LogError) in
        let tables = try looker.integer("SELECT count(*) FROM sqlite_schema")
        if tables > 0 {
          #expect(try looker.integer("SELECT count(*) FROM topics") == Int64(Topic.allCases.count - 1))
        }
        return tables
      }
    }
    #expect(threads.join() == [])
    #expect(try SQLiteLog(path: path, options: .test).contents([.partners]).count == 6)
  }

  // Holds REL-37.
  @Test func manyThreadsOpenANewFileAtOnce() throws {
    let threads = Threads()
    let path = directory.logPath
    for number in 0..<6 {
      threads.start {
        let log = try SQLiteLog(path: path, options: .test)
        try log.createTopics(partitions: 2)
        try log.write(.partners, 0, ["\(number)"])
      }
    }
    #expect(threads.join() == [])
    let log = try SQLiteLog(path: path, options: .test)
    #expect(Set(try log.contents([.partners]).map(\.value)) == Set((0..<6).map { "\($0)" }))
  }
}
