import Contract
import EventLog
import Foundation
import SQLiteLog
import Testing

@Suite struct MemberTests {
  let directory: TemporaryDirectory
  let log: SQLiteLog

  init() throws {
    directory = try TemporaryDirectory()
    log = try directory.log()
  }

  @Test func recordsArriveInOrderAndEndsAreToldOnce() throws {
    try log.write(.customers, 0, ["a", "b"])
    try log.write(.customers, 1, ["c"])
    let (member, recorder) = try log.member("g", [.customers])
    for _ in 0..<5 { try member.poll(timeout: 0, recorder) }
    #expect(recorder.log == ["assigned [0, 1]"])
    #expect(recorder.records.filter { $0.partition.partition == 0 }.map(\.value) == ["a", "b"])
    #expect(recorder.records.filter { $0.partition.partition == 1 }.map(\.value) == ["c"])
    let partitions = [TopicPartition(.customers, 0), TopicPartition(.customers, 1)]
    #expect(recorder.ends == [partitions[0]: [2], partitions[1]: [1]])
    try log.write(.customers, 1, ["d"])
    for _ in 0..<3 { try member.poll(timeout: 0, recorder) }
    #expect(recorder.records.last == Copy(.customers, 1, 1, "k", "d"))
    #expect(recorder.ends == [partitions[0]: [2], partitions[1]: [1, 2]])
  }

  @Test func aCommitShowsOutputsAndPositionsTogether() throws {
    let (member, recorder) = try log.member("g", [.customers])
    try log.write(.customers, 1, ["a"])
    try member.poll(timeout: 0, recorder)
    var outputs = OutputBatch()
    outputs.append(.partnerPartials, 0, "x", "1")
    outputs.append(.partnerPartials, 1, "y", nil)
    let position: Positions = [TopicPartition(.customers, 1): 1]
    #expect(isCommitted(member.commit(outputs, positions: position)))
    #expect(
      try log.contents([.partnerPartials]).sorted { $0.key < $1.key } == [
        Copy(.partnerPartials, 0, 0, "x", "1"), Copy(.partnerPartials, 1, 0, "y", nil),
      ])
    let both = [TopicPartition(.customers, 0), TopicPartition(.customers, 1)]
    #expect(try log.committed(both, of: "g") == position)
    #expect(try member.committed(both).positions == position)
    #expect(try log.committed(both, of: "other").isEmpty)
  }

  @Test(arguments: [Int32(2), -1])
  func aCommitWithAnUnknownPartitionLeavesNothing(partition: Int32) throws {
    let (member, recorder) = try log.member("g", [.customers])
    try member.poll(timeout: 0, recorder)
    var outputs = OutputBatch()
    outputs.append(.partnerPartials, 0, "x", "1")
    outputs.append(.partnerPartials, partition, "y", "2")
    outputs.append(.partnerPartials, 1, "z", "3")
    guard case .aborted(let error) = member.commit(outputs, positions: [TopicPartition(.customers, 0): 0])
    else {
      Issue.record("expected an abort")
      return
    }
    #expect(error.kind == .unusable)
    #expect(error.message.contains("partner-partials"))
    #expect(try log.contents([.partnerPartials]).isEmpty)
    #expect(try log.committed([TopicPartition(.customers, 0)], of: "g").isEmpty)
    // The member goes on, and no offset is used up.
    var good = OutputBatch()
    good.append(.partnerPartials, 0, "x", "1")
    #expect(isCommitted(member.commit(good, positions: [:])))
    #expect(try log.contents([.partnerPartials]) == [Copy(.partnerPartials, 0, 0, "x", "1")])
  }

  @Test func aCommitThatFailsHalfWayIsRolledBack() throws {
    let (member, recorder) = try log.member("g", [.customers])
    try member.poll(timeout: 0, recorder)
    let other = try Connection(path: directory.logPath, busyTimeout: 1000)
    try other.execute(
      """
      CREATE TRIGGER refuse BEFORE INSERT ON compacted_records WHEN NEW.value = CAST('bad' AS BLOB)
      BEGIN SELECT RAISE(ABORT, 'refused'); END
      """)
    var outputs = OutputBatch()
    outputs.append(.partnerPartials, 0, "x", "good")
    outputs.append(.partnerPartials, 0, "y", "bad")
    let positions: Positions = [TopicPartition(.customers, 0): 0]
    guard case .aborted = member.commit(outputs, positions: positions) else {
      Issue.record("expected an abort")
      return
    }
    #expect(try log.contents([.partnerPartials]).isEmpty)
    #expect(try log.committed(Array(positions.keys), of: "g").isEmpty)
    try other.execute("DROP TRIGGER refuse")
    #expect(isCommitted(member.commit(outputs, positions: positions)))
    #expect(try log.contents([.partnerPartials]).map(\.offset) == [0, 1])
  }

  @Test func aBusyFileAbortsACommit() throws {
    var options = SQLiteLog.Options.test
    options.busyTimeout = 20
    let log = try SQLiteLog(path: directory.logPath, options: options)
    let (member, recorder) = try log.member("g", [.customers])
    try member.poll(timeout: 0, recorder)
    let other = try Connection(path: directory.logPath, busyTimeout: 0)
    try other.execute("BEGIN IMMEDIATE")
    let positions: Positions = [TopicPartition(.customers, 0): 0]
    guard case .aborted(let error) = member.commit(OutputBatch(), positions: positions) else {
      Issue.record("expected an abort")
      return
    }
    #expect(error.kind == .retriable)
    #expect(error.code == "SQLITE_BUSY")
    try other.execute("COMMIT")
    #expect(isCommitted(member.commit(OutputBatch(), positions: positions)))
  }

  @Test func aFullFileAbortsACommit() throws {
    var options = SQLiteLog.Options.test
    options.maxBytes = 2 << 20
    let log = try SQLiteLog(path: directory.logPath, options: options)
    let (member, recorder) = try log.member("g", [.customers])
    try member.poll(timeout: 0, recorder)
    var outputs = OutputBatch()
    outputs.append(.partnerPartials, 0, "x", String(repeating: "v", count: 3 << 20))
    let positions: Positions = [TopicPartition(.customers, 0): 0]
    guard case .aborted(let error) = member.commit(outputs, positions: positions) else {
      Issue.record("expected an abort")
      return
    }
    #expect(error.code == "SQLITE_FULL")
    #expect(error.kind == .retriable)
    #expect(try log.contents([.partnerPartials]).isEmpty)
    #expect(try log.committed(Array(positions.keys), of: "g").isEmpty)
    #expect(isCommitted(member.commit(OutputBatch(), positions: positions)))
  }

  @Test func readingFromElsewhereReadsAnew() throws {
    try log.write(.customers, 0, ["a", "b", "c"])
    let (member, recorder) = try log.member("g", [.customers])
    try member.poll(timeout: 0, recorder)
    recorder.records = []
    try member.read(from: [TopicPartition(.customers, 0): 1])
    try member.poll(timeout: 0, recorder)
    #expect(recorder.records.map(\.value) == ["b", "c"])
  }

  @Test(arguments: [Int64(-1), 1, 4])
  func aPositionOutsideOfTheLogIsAnError(position: Int64) throws {
    try log.write(.customers, 0, ["a", "b", "c"])
    try log.deleteRecords(before: [TopicPartition(.customers, 0): 2])
    let (member, recorder) = try log.member("g", [.customers])
    try member.poll(timeout: 0, recorder)
    #expect(recorder.records.map(\.value) == ["c"])
    try member.read(from: [TopicPartition(.customers, 0): position])
    let error = #expect(throws: LogError.self) { try member.poll(timeout: 0, recorder) }
    #expect(error?.kind == .unusable)
    #expect(error?.message.contains("customers-0 has offsets 2 to 3") == true)
    #expect(try member.beginnings([TopicPartition(.customers, 0)]) == [TopicPartition(.customers, 0): 2])
  }

  @Test func othersTasksCannotBeReadOrCommitted() throws {
    let (first, one) = try log.member("g", [.customers], id: "1")
    let (second, two) = try log.member("g", [.customers], id: "2")
    try first.poll(timeout: 0, one)
    try second.poll(timeout: 0, two)
    let others = try #require(two.tasks.first)
    let positions: Positions = [TopicPartition(.customers, others): 0]
    guard case .aborted = first.commit(OutputBatch(), positions: positions) else {
      Issue.record("expected an abort")
      return
    }
    #expect(throws: LogError.self) { try first.read(from: positions) }
    #expect(isCommitted(second.commit(OutputBatch(), positions: positions)))
  }

  @Test func headersAreKept() throws {
    let (member, recorder) = try log.member("g", [.customers])
    try member.poll(timeout: 0, recorder)
    var outputs = OutputBatch()
    outputs.append(
      .rejectedEvents, partition: 1, key: [1], value: [2] as [UInt8],
      headers: [Header("reason", "späte".utf8), Header("", []), Header(name: [0xff], value: nil)])
    outputs.append(.rejectedEvents, 1, "k", "none")
    #expect(isCommitted(member.commit(outputs, positions: [:])))
    let headers = try log.headers(of: TopicPartition(.rejectedEvents, 1), at: 0)
    let written = [Header("reason", "späte".utf8), Header("", []), Header(name: [0xff], value: nil)]
    #expect(headers == written)
    #expect(try log.contents([.rejectedEvents]).count == 2)
    #expect(try log.headers(of: TopicPartition(.rejectedEvents, 1), at: 1)?.isEmpty == true)
    #expect(try log.headers(of: TopicPartition(.rejectedEvents, 1), at: 2) == nil)
  }

  @Test func batchesTakeFromAllPartitions() throws {
    var options = SQLiteLog.Options.test
    options.fetchRecords = 10
    let log = try SQLiteLog(path: directory.logPath, options: options)
    try log.write(.customers, 0, (0..<100).map { "a\($0)" })
    try log.write(.customers, 1, (0..<7).map { "b\($0)" })
    let (member, recorder) = try log.member("g", [.customers])
    try member.poll(timeout: 0, recorder)
    #expect(recorder.records.count == 10)
    #expect(recorder.records.count { $0.partition.partition == 1 } == 5)
    for _ in 0..<12 { try member.poll(timeout: 0, recorder) }
    #expect(recorder.records.filter { $0.partition.partition == 0 }.map(\.offset) == Array(0..<100))
    #expect(recorder.records.filter { $0.partition.partition == 1 }.map(\.offset) == Array(0..<7))
  }

  @Test func recordsLargerThanABatchArriveAlone() throws {
    var options = SQLiteLog.Options.test
    options.fetchBytes = 100
    let log = try SQLiteLog(path: directory.logPath, options: options)
    let values = ["small", String(repeating: "x", count: 500), "last", ""]
    try log.write(.customers, 0, values)
    let (member, recorder) = try log.member("g", [.customers])
    for _ in 0..<5 { try member.poll(timeout: 0, recorder) }
    #expect(recorder.records.map(\.value) == values)
  }
}
