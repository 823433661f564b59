import Contract
import EventLog
import SQLiteLog
import Testing

@Suite struct CompactionTests {
  let directory: TemporaryDirectory
  let log: SQLiteLog
  private let place = TopicPartition(.partnerPartials, 0)

  init() throws {
    directory = try TemporaryDirectory()
    log = try directory.log()
  }

  private func write(_ topic: Topic, _ records: [(Int32, String, String?)]) throws {
    let writer = try log.writer()
    for (partition, key, value) in records { try writer.append(topic, partition, key, value) }
    try writer.flush()
  }

  @Test func onlyTheNewestRecordOfAKeyIsKeptAndOffsetsGrow() throws {
    try write(.indicatorSnapshots, [(0, "a", "1"), (0, "b", "1"), (0, "a", "2")])
    try write(.indicatorSnapshots, [(0, "a", "3"), (1, "a", "other partition")])
    try write(.indicatorScales, [(0, "a", "other topic")])
    #expect(
      try log.contents([.indicatorSnapshots]).filter { $0.partition.partition == 0 } == [
        Copy(.indicatorSnapshots, 0, 1, "b", "1"), Copy(.indicatorSnapshots, 0, 3, "a", "3"),
      ])
    #expect(try log.contents([.indicatorSnapshots]).count == 3)
    #expect(
      try log.ends([TopicPartition(.indicatorSnapshots, 0)]) == [TopicPartition(.indicatorSnapshots, 0): 4])
  }

  @Test func aTombstoneReplacesAndStays() throws {
    try write(.indicatorSnapshots, [(0, "a", "1"), (0, "b", ""), (0, "a", nil)])
    #expect(
      try log.contents([.indicatorSnapshots]) == [
        Copy(.indicatorSnapshots, 0, 1, "b", ""), Copy(.indicatorSnapshots, 0, 2, "a", nil),
      ])
  }

  @Test func ofTwoRecordsThatBeginAGenerationTheFirstStays() throws {
    try write(.generations, [(0, "1", "first"), (0, "1", "second")])
    #expect(try log.contents([.generations]).map(\.value) == ["first", "second"])
  }

  @Test func topicsThatAreNotCompactedKeepAll() throws {
    try write(.customers, [(0, "a", "1"), (0, "a", "1"), (0, "a", nil)])
    #expect(try log.contents([.customers]).map(\.value) == ["1", "1", nil])
  }

  @Test func aReaderThatIsBehindSkipsWhatIsGone() throws {
    try write(.indicatorSnapshots, [(0, "a", "1"), (0, "b", "1")])
    let (member, recorder) = try log.member("g", [.indicatorSnapshots])
    try write(.indicatorSnapshots, [(0, "a", "2"), (0, "b", "2")])
    for _ in 0..<3 { try member.poll(timeout: 0, recorder) }
    #expect(
      recorder.records == [
        Copy(.indicatorSnapshots, 0, 2, "a", "2"), Copy(.indicatorSnapshots, 0, 3, "b", "2"),
      ])
    #expect(recorder.ends[TopicPartition(.indicatorSnapshots, 0)] == [4])
    #expect(try member.beginnings([TopicPartition(.indicatorSnapshots, 0)]).values.first == 0)
  }

  // Holds REL-32.
  @Test func whatAGroupHasReadStaysUntilItHasReadSomethingNewer() throws {
    try write(.partnerPartials, [(0, "a", "1"), (0, "b", "1")])
    let (member, recorder) = try log.member("g", [.partnerPartials])
    try member.poll(timeout: 0, recorder)
    #expect(isCommitted(member.commit(OutputBatch(), positions: [place: 2])))

    try write(.partnerPartials, [(0, "a", "2"), (0, "a", "3")])
    #expect(
      try log.contents([.partnerPartials]) == [
        Copy(.partnerPartials, 0, 0, "a", "1"), Copy(.partnerPartials, 0, 1, "b", "1"),
        Copy(.partnerPartials, 0, 2, "a", "2"), Copy(.partnerPartials, 0, 3, "a", "3"),
      ])

    #expect(isCommitted(member.commit(OutputBatch(), positions: [place: 4])))
    #expect(
      try log.contents([.partnerPartials]) == [
        Copy(.partnerPartials, 0, 1, "b", "1"), Copy(.partnerPartials, 0, 3, "a", "3"),
      ])
  }

  @Test func whatAGroupHasReadStaysThoughNewerComesBeforeItCommits() throws {
    try write(.partnerPartials, [(0, "a", "1"), (0, "a", "2"), (0, "b", "1")])
    let (member, recorder) = try log.member("g", [.partnerPartials])
    try member.poll(timeout: 0, recorder)
    try write(.partnerPartials, [(0, "a", nil), (0, "b", "2")])
    #expect(isCommitted(member.commit(OutputBatch(), positions: [place: 3])))
    #expect(
      try log.contents([.partnerPartials]) == [
        Copy(.partnerPartials, 0, 1, "a", "2"), Copy(.partnerPartials, 0, 2, "b", "1"),
        Copy(.partnerPartials, 0, 3, "a", nil), Copy(.partnerPartials, 0, 4, "b", "2"),
      ])
  }

  // Holds REL-32.
  @Test func theSlowestGroupDecidesWhatStays() throws {
    try write(.partnerPartials, [(0, "a", "1")])
    for group in ["fast", "slow"] {
      let (member, recorder) = try log.member(group, [.partnerPartials])
      try member.poll(timeout: 0, recorder)
      #expect(isCommitted(member.commit(OutputBatch(), positions: [place: 1])))
      member.close(recorder)
    }
    try write(.partnerPartials, [(0, "a", "2")])
    let (fast, recorder) = try log.member("fast", [.partnerPartials])
    try fast.poll(timeout: 0, recorder)
    #expect(isCommitted(fast.commit(OutputBatch(), positions: [place: 2])))
    #expect(try log.contents([.partnerPartials]).map(\.value) == ["1", "2"])
  }

  /// Writes `keys` records twice, and commits that a group has read all of them.
  private func commitTwoRecordsOfEach(of keys: Int) throws -> (any GroupMember, Recorder) {
    for value in ["old", "new"] { try write(.partnerPartials, (0..<keys).map { (0, "\($0)", value) }) }
    let (member, recorder) = try log.member("g", [.partnerPartials])
    recorder.topics = []
    try member.poll(timeout: 0, recorder)
    #expect(isCommitted(member.commit(OutputBatch(), positions: [place: Int64(2 * keys)])))
    return (member, recorder)
  }

  private func count(_ value: String) throws -> Int {
    try log.contents([.partnerPartials]).count { $0.value == value }
  }

  @Test func aCommitOfManyRecordsIsCompactedInStepsWhileThereIsNothingToRead() throws {
    let (member, recorder) = try commitTwoRecordsOfEach(of: 3000)
    var left = [try count("old")]
    while let last = left.last, last > 0, left.count < 20 {
      try member.poll(timeout: 0, recorder)
      left.append(try count("old"))
    }
    // Steps of 1,000 records: the first three meet no newer record of any key.
    #expect(left.first == 3000 && left.last == 0)
    #expect(zip(left, left.dropFirst()).allSatisfy { $0 - $1 <= 1000 })
    #expect(try count("new") == 3000)
  }

  @Test func theNextMemberGoesOnWhereTheCompactionStopped() throws {
    let (member, recorder) = try commitTwoRecordsOfEach(of: 1500)
    member.close(recorder)
    try write(.partnerPartials, [(0, "other", "new")])
    let (next, _) = try log.member("g", [.partnerPartials])
    try next.poll(timeout: 0, recorder)
    for round in 0..<4 where try count("old") > 0 {
      #expect(isCommitted(next.commit(OutputBatch(), positions: [place: 3001])), "round \(round)")
    }
    #expect(try count("old") == 0)
    #expect(try count("new") == 1501)
  }

  // Holds REL-32.
  @Test func aGroupWithoutANameIsNoneThatCompactionWaitsFor() throws {
    let (member, _) = try commitTwoRecordsOfEach(of: 2)
    #expect(try count("old") == 0)
    try write(.partnerPartials, [(0, "0", "newest")])
    #expect(try log.contents([.partnerPartials]).map(\.value) == ["new", "new", "newest"])
    #expect(isCommitted(member.commit(OutputBatch(), positions: [place: 5])))
    #expect(try log.contents([.partnerPartials]).map(\.value) == ["new", "newest"])
  }
}
