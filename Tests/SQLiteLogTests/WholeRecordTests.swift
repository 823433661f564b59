import Contract
import EventLog
import Foundation
import SQLiteLog
import Testing

/// All that a record has but its place.
private struct Whole: Equatable {
  var timestamp: Int64?
  var key: [UInt8]?
  var value: [UInt8]?
  var headers: [Header]

  init(timestamp: Int64?, key: [UInt8]?, value: [UInt8]?, headers: [Header] = []) {
    (self.timestamp, self.key, self.value, self.headers) = (timestamp, key, value, headers)
  }

  init(_ record: Record) {
    self.init(
      timestamp: record.timestamp, key: record.key.map(Array.init), value: record.value.map(Array.init),
      headers: record.headers.map(Header.init))
  }
}

/// A record is read as it was written: keys and values that are none or empty, headers, times.
@Suite struct WholeRecordTests {
  private let directory: TemporaryDirectory
  private let written = [
    Whole(timestamp: 1, key: nil, value: nil),
    Whole(timestamp: -1, key: [], value: [], headers: [Header("trace", "42".utf8), Header("trace", [])]),
    Whole(timestamp: 3, key: nil, value: [7], headers: [Header(name: [0xff], value: nil)]),
    Whole(timestamp: 4, key: [8, 0], value: nil, headers: [Header("", "x".utf8)]),
  ]

  init() throws { directory = try TemporaryDirectory() }

  private func read(_ topic: Topic, of log: SQLiteLog) throws -> [Whole] {
    var read: [Whole] = []
    let reader = try log.reader([topic])
    while try !reader.poll(timeout: 0, { read += $0.map(Whole.init) }) {}
    return read
  }

  private func commit(_ records: [Whole], to log: SQLiteLog) throws {
    let (member, recorder) = try log.member("g", [.customers])
    defer { member.close(recorder) }
    try member.poll(timeout: 0, recorder)
    var outputs = OutputBatch()
    for record in records {
      outputs.append(
        .rejectedEvents, partition: 0, key: record.key, value: record.value, timestamp: record.timestamp,
        headers: record.headers)
    }
    #expect(isCommitted(member.commit(outputs, positions: [:])))
  }

  @Test func inACommit() throws {
    let log = try directory.log(partitions: 1)
    try commit(written, to: log)
    #expect(try read(.rejectedEvents, of: log) == written)
  }

  @Test(arguments: [4 << 20, 20]) func byAWriterAndByAReaderWithLittleRoom(fetchBytes: Int) throws {
    var options = SQLiteLog.Options.test
    options.fetchBytes = fetchBytes
    let log = try directory.log(partitions: 1, options: options)
    let writer = try log.writer()
    // From one topic to the other, as a copy does.
    try commit(written, to: log)
    let reader = try log.reader([.rejectedEvents])
    var isAtEnd = false
    while !isAtEnd {
      isAtEnd = try reader.poll(timeout: 0) { records in
        for record in records {
          #expect(throws: Never.self) {
            try writer.append(
              .customers, partition: 0, key: record.key, value: record.value, timestamp: record.timestamp,
              headers: record.headers)
          }
        }
      }
    }
    try writer.flush()
    #expect(try read(.customers, of: log) == written)
  }

  /// A file as version 1 made it.
  private func makeFirstVersion() throws {
    _ = try directory.log(partitions: 1)
    let connection = try Connection(path: directory.logPath, busyTimeout: 0)
    try connection.execute(
      """
      DROP TABLE records;
      CREATE TABLE records (
        topic INTEGER NOT NULL, partition INTEGER NOT NULL, "offset" INTEGER NOT NULL,
        timestamp INTEGER NOT NULL, key BLOB NOT NULL, value BLOB, headers BLOB,
        PRIMARY KEY (topic, partition, "offset")
      ) WITHOUT ROWID;
      INSERT INTO records SELECT id, 0, 0, 5, x'6b', x'76', x'0100000061' || x'0100000062'
        FROM topics WHERE name = 'rejected-events';
      UPDATE partitions SET next_offset = 1 WHERE topic = (SELECT id FROM topics WHERE name = 'rejected-events');
      ALTER TABLE positions DROP COLUMN note;
      PRAGMA user_version = 1;
      """)
  }

  @Test func aFileOfTheFirstVersionIsUpgraded() throws {
    try makeFirstVersion()
    // One that has the file open meanwhile goes on.
    let other = try Connection(path: directory.logPath, busyTimeout: 0)
    let count = try Statement(other, "SELECT count(*) FROM records WHERE key IS NOT NULL")
    #expect(try count.step())
    count.reset()
    let old = Whole(timestamp: 5, key: [0x6b], value: [0x76], headers: [Header("a", "b".utf8)])
    do {
      let log = try SQLiteLog(path: directory.logPath, options: .test)
      #expect(try read(.rejectedEvents, of: log) == [old])
      try commit(written, to: log)
      #expect(try read(.rejectedEvents, of: log) == [old] + written)
    }
    #expect(try count.step() && count.int64(0) == 3)
    #expect(try other.integer("PRAGMA user_version") == 2)
    let check = try Statement(other, "PRAGMA integrity_check")
    #expect(try check.step() && check.text(0) == "ok")
    let log = try SQLiteLog(path: directory.logPath, options: .test)
    #expect(try read(.rejectedEvents, of: log) == [old] + written)
  }

  @Test func manyOpenAFileOfTheFirstVersionAtOnce() throws {
    try makeFirstVersion()
    let threads = Threads()
    let path = directory.logPath
    for _ in 0..<6 {
      threads.start { _ = try SQLiteLog(path: path, options: .test).contents([.rejectedEvents]) }
    }
    #expect(threads.join() == [])
  }
}
