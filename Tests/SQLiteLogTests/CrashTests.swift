import Contract
import EventLog
import Foundation
import Randomness
import SQLiteLog
import Testing

@Suite struct CrashTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Commits `commits` times: one to three outputs, and a position that counts all outputs so far.
  private func run(_ log: SQLiteLog, commits: Int) throws {
    let (member, recorder) = try log.member("g", [.customers])
    try log.write(.customers, 0, (0..<commits * 3).map { "\($0)" })
    try member.poll(timeout: 0, recorder)
    var written: Int64 = 0
    for commit in 0..<commits {
      var outputs = OutputBatch()
      for _ in 0...(commit % 3) {
        outputs.append(.rejectedEvents, Int32(written % 2), "k", "\(written)")
        written += 1
      }
      #expect(isCommitted(member.commit(outputs, positions: [TopicPartition(.customers, 0): written])))
    }
  }

  /// A power cut may leave any beginning of the WAL: outputs and position are then of the same commit.
  // Holds REL-35.
  @Test func anyBeginningOfTheWALIsAState() throws {
    let log = try directory.log()
    try run(log, commits: 60)
    let file = try Data(contentsOf: URL(fileURLWithPath: directory.logPath))
    let wal = try Data(contentsOf: URL(fileURLWithPath: directory.logPath + "-wal"))
    var random = SplitMix64(seed: 1)
    var states: Set<Int64> = []
    for _ in 0..<60 {
      let image = try TemporaryDirectory()
      try file.write(to: URL(fileURLWithPath: image.logPath))
      try wal.prefix(Int.random(in: 0...wal.count, using: &random))
        .write(to: URL(fileURLWithPath: image.logPath + "-wal"))
      let recovered = try SQLiteLog(path: image.logPath, options: .test)
      // The topics may not be there yet.
      guard (try? recovered.checkTopics([.customers])) != nil else { continue }
      let position = try recovered.committed([TopicPartition(.customers, 0)], of: "g").values.first ?? 0
      let outputs = try recovered.contents([.rejectedEvents])
      #expect(outputs.compactMap { $0.value.flatMap { Int64($0) } }.sorted() == Array(0..<position))
      let ends = try recovered.ends([TopicPartition(.rejectedEvents, 0), TopicPartition(.rejectedEvents, 1)])
      #expect(ends.values.reduce(0, +) == position)
      states.insert(position)
    }
    #expect(states.count > 10)
  }

  // Holds REL-35.
  @Test(.enabled(if: OtherProcess.isAvailable)) func aKilledWriterLeavesNothing() throws {
    let log = try directory.log()
    let other = try OtherProcess(
      """
      import sqlite3
      db = sqlite3.connect(sys.argv[1], isolation_level=None)
      db.execute("BEGIN IMMEDIATE")
      db.execute("UPDATE partitions SET next_offset = 99")
      db.execute("INSERT INTO records SELECT id, 0, 98, 0, x'00', x'00', NULL FROM topics")
      """, directory.logPath)
    other.kill()
    try log.write(.partners, 0, ["a"])
    #expect(try log.contents([.partners]) == [Copy(.partners, 0, 0, "k", "a")])
  }
}
