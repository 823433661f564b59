import Contract
import EventLog
import Foundation
import SQLiteLog
import SnapshotView
import Testing

@Suite struct GenerationReaderTests {
  private func withLog(_ body: (SQLiteLog) throws -> Void) throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "generations-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try body(try SQLiteLog(path: directory.appending(path: "log.db").path))
  }

  @Test func aLogWithoutTheTopicHasTheFirst() throws {
    try withLog { log in
      try log.createTopics(Topic.inputs, partitions: 2)
      let reader = try GenerationReader(log)
      #expect(reader.generations.served == .first)
      // It is found once it is made.
      _ = try log.makeGenerations(partitions: 2)
      try log.serve(.first.next, computedBy: "app")
      let end = ContinuousClock.now + .seconds(30)
      while reader.generations.served == .first, .now < end { try reader.poll() }
      #expect(reader.generations.served == .first.next)
      #expect(reader.generations.servedBy == "app")
    }
  }

  @Test func theNewestSwitchCounts() throws {
    try withLog { log in
      try log.createTopics(partitions: 3)
      let reader = try GenerationReader(log)
      for generation in [Generation.first.next, .first, .first.next.next] {
        try log.serve(generation, computedBy: "app")
        try reader.poll()
        #expect(reader.generations.served == generation)
      }
      #expect(try GenerationReader(log).generations.served == Generation(3))
    }
  }

  @Test func whatIsWrittenDownIsRead() throws {
    try withLog { log in
      var record = GenerationRecord()
      record.number = 2
      record.state = .kept
      record.application = "app"
      _ = try log.makeGenerations(partitions: 1)
      try log.describe(record)
      #expect(try log.makeGenerations(partitions: 1).record(of: .first.next) == record)
    }
  }
}
