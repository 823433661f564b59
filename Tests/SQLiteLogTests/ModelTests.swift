import Contract
import EventLog
import Randomness
import SQLiteLog
import Testing

/// What a log should do, done slowly with arrays.
private struct Model {
  var records: [TopicPartition: [Copy]] = [:]
  var next: Positions = [:]
  var first: Positions = [:]
  var committed: Positions = [:]

  mutating func append(_ topic: Topic, _ partition: Int32, _ key: String, _ value: String?) {
    let place = TopicPartition(topic, partition)
    if topic.isCompacted, !topic.keepsOlderRecords { records[place]?.removeAll { $0.key == key } }
    records[place, default: []].append(Copy(topic, partition, next[place] ?? 0, key, value))
    next[place, default: 0] += 1
  }

  mutating func commit(_ place: TopicPartition, _ position: Int64) {
    committed[place] = position
    guard place.topic.keepsOlderRecords, let all = records[place] else { return }
    records[place] = all.filter { old in
      !all.contains { $0.key == old.key && $0.offset > old.offset && $0.offset < position }
    }
  }

  mutating func delete(_ place: TopicPartition, before offset: Int64) {
    records[place]?.removeAll { $0.offset < offset }
    first[place] = max(first[place] ?? 0, min(offset, next[place] ?? 0))
  }

  func from(_ place: TopicPartition, _ position: Int64) -> [Copy] {
    (records[place] ?? []).filter { $0.offset >= position }
  }
}

@Suite struct ModelTests {
  private static let topics: [Topic] = [.customers, .partnerPartials, .indicatorSnapshots]
  private static let places = topics.flatMap { [TopicPartition($0, 0), TopicPartition($0, 1)] }

  @Test(arguments: 0..<12) func randomOperationsDoWhatTheModelDoes(seed: UInt64) throws {
    let directory = try TemporaryDirectory()
    var options = SQLiteLog.Options.test
    options.fetchRecords = 7
    options.fetchBytes = 40
    var random = SplitMix64(seed: seed)
    var model = Model()
    var log: SQLiteLog? = try directory.log(options: options)
    for _ in 0..<60 {
      let current = try #require(log)
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<3: try append(current, &model, &random)
      case 3..<7: try commit(current, &model, &random)
      case 7:
        let place = try #require(Self.places.randomElement(using: &random))
        let offset = Int64.random(in: 0...8, using: &random)
        try current.deleteRecords(before: [place: offset])
        model.delete(place, before: offset)
      case 8:
        log = nil
        log = try SQLiteLog(path: directory.logPath, options: options)
      default: try follow(current, model, &random)
      }
      try compare(try #require(log), model)
    }
  }

  private func record(_ random: inout SplitMix64) -> (Topic, Int32, String, String?) {
    let place = Self.places.randomElement(using: &random) ?? Self.places[0]
    let key = String("abcde".randomElement(using: &random) ?? "a")
    let size = Int.random(in: -1..<20, using: &random)
    return (place.topic, place.partition, key, size < 0 ? nil : String(repeating: "v", count: size))
  }

  private func append(_ log: SQLiteLog, _ model: inout Model, _ random: inout SplitMix64) throws {
    let writer = try log.writer()
    for _ in 0..<Int.random(in: 1..<9, using: &random) {
      let (topic, partition, key, value) = record(&random)
      try writer.append(topic, partition, key, value)
      model.append(topic, partition, key, value)
    }
    try writer.flush()
  }

  /// One commit in three has an unknown partition somewhere, and must leave nothing.
  private func commit(_ log: SQLiteLog, _ model: inout Model, _ random: inout SplitMix64) throws {
    let (member, recorder) = try log.member("g", [.customers, .partnerPartials])
    recorder.topics = []
    try member.poll(timeout: 0, recorder)
    var after = model
    var outputs = OutputBatch()
    let isBad = Int.random(in: 0..<3, using: &random) == 0
    let count = Int.random(in: 0..<9, using: &random)
    let bad = isBad ? Int.random(in: 0...count, using: &random) : -1
    for index in 0...count {
      let (topic, partition, key, value) = record(&random)
      outputs.append(topic, index == bad ? 2 : partition, key, value)
      after.append(topic, partition, key, value)
    }
    let topic: Topic = Bool.random(using: &random) ? .customers : .partnerPartials
    let place = TopicPartition(topic, Int32.random(in: 0..<2, using: &random))
    let before = model.committed[place] ?? 0
    let position = Int64.random(in: before...max(before, model.next[place] ?? 0), using: &random)
    after.commit(place, position)
    #expect(isCommitted(member.commit(outputs, positions: [place: position])) == !isBad)
    if !isBad { model = after }
  }

  /// A member that reads from random positions gets what is there, in order, and each end.
  private func follow(_ log: SQLiteLog, _ model: Model, _ random: inout SplitMix64) throws {
    let (member, recorder) = try log.member("f", Self.topics)
    recorder.topics = []
    try member.poll(timeout: 0, recorder)
    var positions: Positions = [:]
    for place in Self.places {
      positions[place] = Int64.random(
        in: (model.first[place] ?? 0)...(model.next[place] ?? 0), using: &random)
    }
    try member.read(from: positions)
    for _ in 0..<200 where recorder.ends.count < Self.places.count { try member.poll(timeout: 0, recorder) }
    for place in Self.places {
      let expected = model.from(place, positions[place] ?? 0)
      #expect(recorder.records.filter { $0.partition == place } == expected)
      #expect(recorder.ends[place] == [model.next[place] ?? 0])
    }
  }

  private func compare(_ log: SQLiteLog, _ model: Model) throws {
    let contents = try log.contents(Self.topics)
    for place in Self.places {
      #expect(contents.filter { $0.partition == place } == model.from(place, 0))
    }
    #expect(
      try log.ends(Self.places) == model.next.merging(Self.places.map { ($0, 0) }) { first, _ in first })
    #expect(try log.committed(Self.places, of: "g") == model.committed)
  }
}
