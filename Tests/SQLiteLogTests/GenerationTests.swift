import Contract
import EventLog
import SQLiteLog
import Testing

@Suite struct GenerationTests {
  let directory: TemporaryDirectory
  let first: SQLiteLog
  let second: SQLiteLog

  init() throws {
    directory = try TemporaryDirectory()
    first = try directory.log(partitions: 2)
    second = try SQLiteLog(path: directory.logPath, generation: Generation.first.next, options: .test)
    try second.createTopics(Topic.outputs, partitions: 3)
  }

  @Test func inputsAreSharedAndOutputsAreNot() throws {
    for topic in first.topics {
      try first.write(topic, 0, ["first"])
      try second.write(topic, 0, ["second"])
    }
    for topic in first.topics {
      let isOwn = Topic.ofGeneration.contains(topic)
      let (old, new) = (try first.contents([topic]), try second.contents([topic]))
      #expect(isOwn ? old.map(\.value) == ["first"] && new.map(\.value) == ["second"] : old == new)
      #expect(try second.checkTopics([topic]) == [topic: isOwn ? 3 : 2])
    }
  }

  @Test func whatIsMissingIsNamedInFull() throws {
    let third = try SQLiteLog(path: directory.logPath, generation: second.generation.next, options: .test)
    let error = #expect(throws: LogError.self) { try third.checkTopics([.indicatorScales]) }
    #expect(error?.isMissingTopic == true)
    #expect(error?.message.contains("'indicator-scales.3'") == true)
  }

  @Test func topicsAreDeletedWithAllThatIsInThem() throws {
    try first.write(.indicatorScales, 0, ["first"])
    try second.write(.indicatorScales, 0, ["second"])
    try second.write(.rejectedEvents, 0, ["second"])
    for _ in 1...2 { try second.deleteTopics(Topic.outputs) }
    #expect(throws: LogError.self) { try second.checkTopics([.indicatorScales]) }
    #expect(try first.contents([.indicatorScales]).map(\.value) == ["first"])
    try second.createTopics(Topic.outputs, partitions: 1)
    #expect(try second.contents(Topic.outputs) == [])
  }

  @Test func groupsAreForgottenOnceNobodyIsInThem() throws {
    try first.write(.partners, 0, ["a"])
    let (member, recorder) = try second.member("g", [.partners])
    try member.poll(timeout: 1_000, recorder)
    let place = TopicPartition(.partners, 0)
    #expect(isCommitted(member.commit(OutputBatch(), positions: [place: 1])))
    let error = #expect(throws: LogError.self) { try second.deleteGroups(["other", "g"]) }
    #expect(error?.kind == .unusable)
    #expect(try first.committed([place], of: "g") == [place: 1])
    member.close(recorder)
    for _ in 1...2 { try second.deleteGroups(["other", "g"]) }
    #expect(try first.committed([place], of: "g") == [:])
  }

  @Test func aReaderTellsOfTheEndAnew() throws {
    try first.write(.partners, 0, ["a"])
    let reader = try first.reader([.partners])
    var values: [String?] = []
    func poll() throws -> Bool { try reader.poll(timeout: 0) { values += $0.map(Copy.init).map(\.value) } }
    while try !poll() {}
    try first.write(.partners, 1, ["b"])
    try reader.awaitEnd()
    while try !poll() {}
    #expect(values == ["a", "b"])
    try reader.awaitEnd()
    #expect(try poll())
  }
}
