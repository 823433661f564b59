import Contract
import EventLog
import Foundation
import Indicators
import SQLiteLog
import Testing
import Topology

@Suite("Aggregator on an embedded log") struct AggregatorTests {
  let catalog: Catalog
  let events: [(topic: Topic, key: String, value: [UInt8])]

  init() throws {
    let examples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Fixtures/examples")
    catalog = try Catalog(json: Data(contentsOf: examples.appendingPathComponent("catalog.json")))
    events = try ExampleEvents.read(examples.appendingPathComponent("set-102.events.ndjson"))
  }

  func makeLog(_ path: String, partitions: Int32) throws -> SQLiteLog {
    var options = SQLiteLog.Options()
    options.durability = .processEnd
    let log = try SQLiteLog(path: path + "/log.db", options: options)
    try log.createTopics(partitions: partitions)
    return log
  }

  func write(_ slice: some Sequence<(topic: Topic, key: String, value: [UInt8])>, to log: any EventLog) throws
  {
    let counts = try log.checkTopics(Topic.inputs)
    let writer = try log.writer()
    for event in slice {
      let target = partition(ofKey: event.key, count: counts[event.topic] ?? 1)
      try Array(event.key.utf8).withUnsafeBytes { key in
        try event.value.withUnsafeBytes { value in
          try writer.append(event.topic, partition: target, key: key, value: value, timestamp: nil)
        }
      }
    }
    try writer.flush()
  }

  func run(
    _ log: any EventLog, _ state: StateDirectory, threads: Int = 1, checkpoints: Bool = true
  ) throws {
    var options = AggregatorOptions()
    options.threads = threads
    options.checkpointInterval = checkpoints ? 0 : .max
    options.policy.longestInterval = 1
    options.policy.shortestInterval = 0
    options.policy.catchUpInterval = 1
    options.policy.firstCatchUpInterval = 1
    options.policy.positionsOnlyInterval = 10
    options.policy.firstPause = 20
    options.policy.longestPause = 200
    try Aggregator(
      log: log, catalog: catalog, state: state, options: options,
      report: { _, _ in }
    ).run(untilEnd: true)
  }

  /// The newest record of each key of the output topics, without what is no part of the result.
  func result(of log: any EventLog) throws -> [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    let reader = try log.reader([.indicatorSnapshots, .indicatorScales])
    var isAtEnd = false
    while !isAtEnd {
      isAtEnd = try reader.poll(timeout: 100) { records in
        for record in records {
          let key =
            record.topic.name + " " + String(decoding: record.key.map(Array.init) ?? [], as: UTF8.self)
          guard let value = record.value else {
            result[key] = nil
            continue
          }
          if record.topic == .indicatorSnapshots, var snapshot = try? IndicatorSnapshot(protobuf: value) {
            snapshot.asOf = nil
            result[key] = snapshot.protobuf
          } else {
            result[key] = Array(value)
          }
        }
      }
    }
    return result
  }

  /// What one undisturbed run over one partition gives.
  func undisturbed() throws -> [String: [UInt8]] {
    try withTemporaryDirectory { path in
      let log = try makeLog(path, partitions: 1)
      let state = try StateDirectory(path: path + "/state")
      try write(events, to: log)
      try run(log, state)
      return try result(of: log)
    }
  }

  @Test(arguments: [1, 3, 8] as [Int32], [1, 3])
  func partitionsAndThreadsDoNotMatter(partitions: Int32, threads: Int) throws {
    let expected = try undisturbed()
    #expect(expected.count == 4132)
    try withTemporaryDirectory { path in
      let log = try makeLog(path, partitions: partitions)
      let state = try StateDirectory(path: path + "/state")
      try write(events, to: log)
      try run(log, state, threads: threads)
      #expect(try result(of: log) == expected)
    }
  }

  @Test(arguments: [true, false])
  func restartsDoNotMatter(checkpoints: Bool) throws {
    let expected = try undisturbed()
    try withTemporaryDirectory { path in
      let log = try makeLog(path, partitions: 3)
      let state = try StateDirectory(path: path + "/state")
      for piece in 0..<10 {
        try write(events[(events.count * piece / 10)..<(events.count * (piece + 1) / 10)], to: log)
        try run(log, state, checkpoints: checkpoints)
      }
      #expect(try result(of: log) == expected)
    }
  }

  // Holds REL-27.
  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func failedCommitsDoNotMatter(seed: UInt64) throws {
    let expected = try undisturbed()
    try withTemporaryDirectory { path in
      let log = try makeLog(path, partitions: 3)
      let state = try StateDirectory(path: path + "/state")
      let faulty = FaultyLog(log, seed: seed, percent: 50, least: 6)
      for piece in 0..<4 {
        try write(events[(events.count * piece / 4)..<(events.count * (piece + 1) / 4)], to: log)
        try run(faulty, state, threads: 2, checkpoints: seed % 2 == 0)
      }
      #expect(try result(of: log) == expected)
      #expect(faulty.counts.values.reduce(0, +) >= 6, "\(faulty.counts)")
    }
  }

  // Holds REL-9, REL-33.
  @Test func refusesALogWithoutItsBeginning() throws {
    try withTemporaryDirectory { path in
      let log = try makeLog(path, partitions: 1)
      let state = try StateDirectory(path: path + "/state")
      try write(events, to: log)
      try log.deleteRecords(before: [TopicPartition(.usageActions, 0): 5])
      #expect {
        try run(log, state)
      } throws: {
        ($0 as? LogError)?.kind == .unusable && "\($0)".contains("usage-actions-0 begins at offset 5")
      }
      #expect(try result(of: log).isEmpty)
    }
  }

  @Test func readsOnFromACheckpointWhenTheBeginningIsGone() throws {
    let expected = try undisturbed()
    try withTemporaryDirectory { path in
      let log = try makeLog(path, partitions: 1)
      let state = try StateDirectory(path: path + "/state")
      try write(events[..<1000], to: log)
      try run(log, state)
      try log.deleteRecords(before: [TopicPartition(.usageActions, 0): 5])
      try write(events[1000...], to: log)
      try run(log, state)
      #expect(try result(of: log) == expected)
    }
  }

  // Holds REL-30.
  @Test func aDamagedCheckpointIsNotUsed() throws {
    let expected = try undisturbed()
    try withTemporaryDirectory { path in
      let log = try makeLog(path, partitions: 1)
      let state = try StateDirectory(path: path + "/state")
      try write(events[..<1000], to: log)
      try run(log, state)
      for file in try FileManager.default.contentsOfDirectory(atPath: path + "/state")
      where file.hasSuffix(".checkpoint") {
        let url = URL(fileURLWithPath: path + "/state/" + file)
        var bytes = try Data(contentsOf: url)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: url)
      }
      try write(events[1000...], to: log)
      try run(log, state)
      #expect(try result(of: log) == expected)
    }
  }

  @Test func refusedEventsKeepTheirBytesAndSayWhy() throws {
    try withTemporaryDirectory { path in
      let log = try makeLog(path, partitions: 2)
      let state = try StateDirectory(path: path + "/state")
      try write(
        [
          (.usageActions, "customer", Array("{not json".utf8)),
          (
            .customers, "c",
            Array(#"{"customerId":"c","country":"fr","effectiveAt":"2026-01-01T00:00:00Z"}"#.utf8)
          ),
        ], to: log)
      try run(log, state)
      var refused: [String: [String]] = [:]
      let reader = try log.reader([.rejectedEvents])
      var isAtEnd = false
      while !isAtEnd {
        var places: [(TopicPartition, Int64)] = []
        isAtEnd = try reader.poll(timeout: 100) { records in
          for record in records {
            places.append((record.topicPartition, record.offset))
            refused[String(decoding: record.key.map(Array.init) ?? [], as: UTF8.self), default: []]
              .append(String(decoding: record.value.map(Array.init) ?? [], as: UTF8.self))
          }
        }
        for (partition, offset) in places {
          let headers = try #require(try log.headers(of: partition, at: offset))
            .map { header in
              (
                String(decoding: header.name, as: UTF8.self),
                String(decoding: header.value ?? [], as: UTF8.self)
              )
            }
          let byName = Dictionary(uniqueKeysWithValues: headers)
          #expect(["not_decodable", "bad_country"].contains(byName["reason"]))
          #expect(byName["offset"] == "0")
          #expect(["usage-actions", "customers"].contains(byName["topic"]))
        }
      }
      #expect(refused["customer"] == ["{not json"])
      #expect(refused["c"]?.count == 1)
    }
  }
}
