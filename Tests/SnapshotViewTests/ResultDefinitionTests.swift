import Contract
import EventLog
import Foundation
import SQLiteLog
import SnapshotView
import Synchronization
import Testing

@Suite("One result, one definition") struct ResultDefinitionTests {
  private func withLog(_ body: (SQLiteLog) throws -> Void) throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "definition-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let log = try SQLiteLog(path: directory.appending(path: "log.db").path)
    try log.createTopics(partitions: 2)
    try body(log)
  }

  private func writeOutput(to log: SQLiteLog) throws {
    let writer = try log.writer()
    try Array("k".utf8).withUnsafeBytes {
      try writer.append(.partnerPartials, partition: 1, key: $0, value: $0, timestamp: nil)
    }
    try writer.flush()
  }

  private func definition(
    catalog: String = "c", semantics: UInt32 = 1, inputs: UInt32 = 2, outputs: [UInt32] = [2, 2, 2]
  ) -> ResultDefinition {
    ResultDefinition(
      catalog: catalog, semantics: semantics, inputPartitions: inputs, outputPartitions: outputs)
  }

  @Test func theFirstGenerationIsWrittenDownWhenItIsBegun() throws {
    try withLog { log in
      try log.begin(definition(), computedBy: "app")
      let record = try GenerationReader(log).generations.record(of: .first)
      #expect(record?.definition == definition())
      #expect(record?.application == "app")
      try log.begin(definition(), computedBy: "app")
    }
  }

  // Holds REL-42.
  @Test func everythingElseIsRefusedByName() throws {
    try withLog { log in
      try log.begin(definition(), computedBy: "app")
      for (other, words) in [
        (definition(catalog: "d"), ["catalog c (here: d)", "--catalog", "`recompute`"]),
        (definition(semantics: 2), ["version 1 of the rules (this program: 2)", "`recompute`"]),
        (definition(inputs: 4), ["2 partitions of the input topics (now: 4)", "`topics copy`"]),
        (definition(outputs: [2, 3, 2]), ["2 partitions of indicator-snapshots (now: 3)", "`recompute`"]),
        (
          definition().written(as: .confluent, checkingSchemaIDs: true),
          [
            "output format protobuf (here: confluent)", "give --output-format protobuf",
            "no schema registry (here",
            "leave out --schema-registry", "`recompute`",
          ]
        ),
      ] {
        let refusal = #expect(throws: GenerationRefusal.self) { try log.begin(other, computedBy: "app") }
        for word in words {
          #expect(refusal?.description.contains(word) == true, "\(refusal?.description ?? "")")
        }
      }
    }
  }

  @Test func theFormatIsWrittenDownAndOfNoConcernToReaders() throws {
    try withLog { log in
      let begun = definition().written(as: .confluentJSON, checkingSchemaIDs: true)
      try log.begin(begun, computedBy: "app")
      try log.begin(begun, computedBy: "app")
      let generations = try GenerationReader(log).generations
      #expect(generations.record(of: .first)?.definition == begun)
      try generations.check(.first, definition().inAnyFormat)
      let refusal = #expect(throws: GenerationRefusal.self) { try generations.check(.first, definition()) }
      #expect(refusal?.description.contains("name the registry with --schema-registry") == true)
    }
  }

  // Holds REL-44.
  @Test func aResultOfWhichNothingIsToldIsNotGoneOnWith() throws {
    try withLog { log in
      try writeOutput(to: log)
      let refusal = #expect(throws: GenerationRefusal.self) { try log.begin(definition(), computedBy: "app") }
      #expect(refusal?.description.contains("`recompute`") == true)
    }
  }

  /// Two that start at the same time for the first time: one of them wins, and the other one refuses.
  // Holds REL-43.
  @Test func ofTwoThatBeginItAtTheSameTimeOneIsRefused() throws {
    try withLog { log in
      let begun = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 8) { number in
        let mine = definition(catalog: "\(number % 2)")
        do {
          try log.begin(mine, computedBy: "app")
          begun.withLock { $0.append(mine.catalog) }
        } catch {}
      }
      let winners = begun.withLock { Set($0) }
      #expect(winners.count == 1)
      let record = try GenerationReader(log).generations.record(of: .first)
      #expect(record?.catalog == winners.first)
      #expect(throws: GenerationRefusal.self) {
        try log.begin(definition(catalog: winners == ["0"] ? "1" : "0"), computedBy: "app")
      }
    }
  }

  /// Those that start at the same time with the same definition: none takes what another one has written already for a result
  /// of which nothing is said.
  @Test func ofSeveralThatBeginTheSameAtTheSameTimeNoneIsRefused() throws {
    for _ in 0..<10 {
      try withLog { log in
        let refusals = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
          do {
            try log.begin(definition(), computedBy: "app")
            try writeOutput(to: log)
          } catch {
            refusals.withLock { $0.append("\(error)") }
          }
        }
        #expect(refusals.withLock(\.self) == [])
      }
    }
  }

  // Holds REL-56.
  @Test func aRecordThatCannotBeReadIsNotPassedOver() throws {
    try withLog { log in
      let writer = try log.writer()
      try Array("served".utf8).withUnsafeBytes { key in
        try [UInt8]([0xff]).withUnsafeBytes { value in
          try writer.append(.generations, partition: 0, key: key, value: value, timestamp: nil)
        }
      }
      try writer.flush()
      let error = #expect(throws: LogError.self) { try GenerationReader(log) }
      #expect(error?.kind == .unusable)
    }
  }
}
