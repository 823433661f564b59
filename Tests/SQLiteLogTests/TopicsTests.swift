import Contract
import EventLog
import Foundation
import SQLiteLog
import Testing

@Suite struct TopicsTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func creatingTwiceWithEqualSettingsIsFine() throws {
    let log = try directory.log(partitions: 3)
    try log.write(.partners, 2, ["a"])
    try log.createTopics(partitions: 3)
    let counts = try log.checkTopics(log.topics)
    #expect(counts.count == log.topics.count)
    #expect(counts.values.allSatisfy { $0 == 3 })
    #expect(try log.contents([.partners]) == [Copy(.partners, 2, 0, "k", "a")])
  }

  @Test func anotherPartitionCountIsAnErrorThatNamesTheTopic() throws {
    let log = try directory.log(partitions: 3)
    let error = #expect(throws: LogError.self) { try log.createTopics(partitions: 4) }
    #expect(error?.kind == .unusable)
    #expect(error?.message.contains("'usage-actions' with 3 partitions, not 4") == true)
    #expect(try log.checkTopics([.partners]) == [.partners: 3])
  }

  @Test(arguments: [Int32.min, -1, 0, 4097, .max])
  func senselessPartitionCountsAreRefused(partitions: Int32) throws {
    let log = try SQLiteLog(path: directory.logPath, options: .test)
    let error = #expect(throws: LogError.self) { try log.createTopics(partitions: partitions) }
    #expect(error?.kind == .unusable)
  }

  @Test func aMissingTopicIsNamedWithWhatToDo() throws {
    let log = try SQLiteLog(path: directory.logPath, options: .test)
    let error = #expect(throws: LogError.self) { try log.checkTopics([.examPasses]) }
    #expect(error?.kind == .unusable)
    #expect(error?.message.contains("'exam-passes'") == true)
    #expect(error?.message.contains("topics create") == true)
    #expect(throws: LogError.self) { try log.reader([.examPasses]) }
    #expect(throws: LogError.self) { try log.member("g", [.examPasses]) }
    #expect(throws: LogError.self) { try log.write(.examPasses, 0, ["a"]) }
  }

  @Test func aMissingTopicIsMadeBesideTheOthers() throws {
    let log = try directory.log(partitions: 2)
    let other = try Connection(path: directory.logPath, busyTimeout: 1000)
    try other.execute("DELETE FROM topics WHERE name = 'partners'")
    for attempt in [{ try log.checkTopics([.partners]) }, { try log.partitionCounts(of: [.partners]) }] {
      #expect(throws: LogError.self) { try attempt() }
    }
    try log.createTopics(partitions: 2)
    #expect(try log.partitionCounts(of: [.partners, .customers]) == [.partners: 2, .customers: 2])
    #expect(try log.checkTopics([.partners]) == [.partners: 2])
  }

  @Test(arguments: [Topic.indicatorScales, .customers])
  func otherCompactionIsAnErrorThatNamesTheTopic(topic: Topic) throws {
    let log = try directory.log()
    let other = try Connection(path: directory.logPath, busyTimeout: 1000)
    try other.execute("UPDATE topics SET compacted = 1 - compacted WHERE name = '\(topic.name)'")
    for check in [{ _ = try log.checkTopics([topic]) }, { try log.createTopics(partitions: 2) }] {
      let error = #expect(throws: LogError.self) { try check() }
      #expect(error?.kind == .unusable)
      #expect(error?.message.contains("'\(topic.name)'") == true)
    }
  }

  @Test func endsAndPositionsOfUnknownPartitionsAreErrors() throws {
    let log = try directory.log(partitions: 2)
    try log.write(.partners, 1, ["a", "b"])
    let partitions = [TopicPartition(.partners, 0), TopicPartition(.partners, 1)]
    #expect(try log.ends(partitions) == [partitions[0]: 0, partitions[1]: 2])
    let unknown = [TopicPartition(.partners, 2)]
    #expect(throws: LogError.self) { try log.ends(unknown) }
    #expect(throws: LogError.self) { try log.committed(unknown, of: "g") }
  }

  @Test func aGroupNeedsEqualPartitionCounts() throws {
    let log = try directory.log(partitions: 2)
    let other = try Connection(path: directory.logPath, busyTimeout: 1000)
    try other.execute("UPDATE topics SET partitions = 1 WHERE name = 'partners'")
    let error = #expect(throws: LogError.self) { try log.member("g", [.customers, .partners]) }
    #expect(error?.kind == .unusable)
    #expect(error?.message.contains("'partners' has 1 partitions, 'customers' has 2") == true)
    #expect(throws: LogError.self) { try log.member("g", []) }
  }

  @Test func manyRecordsAreDeletedInTransactionsThatAreNotLarge() throws {
    let log = try directory.log(partitions: 1)
    let value = String(repeating: "v", count: 500)
    let writer = try log.writer()
    for key in 0..<60_000 {
      try writer.append(.indicatorSnapshots, 0, "\(key)", value)
      if key % 1000 == 999 { try writer.flush() }
    }
    try log.deleteRecords(before: [TopicPartition(.indicatorSnapshots, 0): 30_000])
    #expect(try log.contents([.indicatorSnapshots]).map(\.offset) == Array(30_000..<60_000))
    try log.deleteTopics([.indicatorSnapshots])
    #expect(throws: LogError.self) { try log.checkTopics([.indicatorSnapshots]) }
    let other = try Connection(path: directory.logPath, busyTimeout: 1000)
    #expect(try other.integer("SELECT count(*) FROM compacted_records") == 0)
    // The WAL is checkpointed after 16 MB; one transaction for each call would add 16 MB and more.
    let wal = URL(filePath: directory.logPath + "-wal")
    #expect(try Data(contentsOf: wal, options: .alwaysMapped).count < 26_000_000)
  }
}
