import Contract
import EventLog
import SQLiteLog
import Testing

@Suite struct CompactionTests {
  let directory: TemporaryDirectory
  let log: SQLiteLog

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
    let place = TopicPartition(.partnerPartials, 0)
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
    let place = TopicPartition(.partnerPartials, 0)
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
    let place = TopicPartition(.partnerPartials, 0)
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
}
