import Contract
import EventLog
import Foundation
import Testing
import Topology

@Suite("Checkpoint format") struct CheckpointFormatTests {
  static func definition(
    catalog: String = "c", semantics: UInt32 = 1, inputs: UInt32 = 4, outputs: [UInt32] = [4, 4, 4]
  ) -> ResultDefinition {
    ResultDefinition(
      catalog: catalog, semantics: semantics, inputPartitions: inputs, outputPartitions: outputs)
  }

  let origin = CheckpointOrigin(log: "log", group: "group", partition: 3, definition: definition())
  let positions: Positions = [TopicPartition(.usageActions, 3): 17, TopicPartition(.partners, 3): 0]
  let state: [UInt8] = [1, 2, 3]

  var encoded: [UInt8] { CheckpointFormat.encode(state, at: positions, origin) }

  func decode(_ bytes: [UInt8], for origin: CheckpointOrigin? = nil) throws -> ([UInt8], Positions) {
    let origin = origin ?? self.origin
    return try bytes.withUnsafeBytes {
      let (state, positions) = try CheckpointFormat.decode($0, origin)
      return (state, positions)
    }
  }

  @Test func readsWhatItWrote() throws {
    let (state, positions) = try decode(encoded)
    #expect(state == self.state)
    #expect(positions == self.positions)
  }

  @Test func theSameStateGivesTheSameBytes() {
    #expect(encoded == encoded)
  }

  @Test func everyDamagedByteAndEveryMissingEndIsNoticed() {
    let bytes = encoded
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 0x40
      #expect(throws: UnusableCheckpoint.self) { try decode(damaged) }
      #expect(throws: UnusableCheckpoint.self) { try decode(Array(bytes[..<index])) }
    }
  }

  @Test(arguments: [
    CheckpointOrigin(log: "other", group: "group", partition: 3, definition: definition()),
    CheckpointOrigin(log: "log", group: "other", partition: 3, definition: definition()),
    CheckpointOrigin(log: "log", group: "group", partition: 4, definition: definition()),
    CheckpointOrigin(log: "log", group: "group", partition: 3, definition: definition(catalog: "d")),
    CheckpointOrigin(log: "log", group: "group", partition: 3, definition: definition(semantics: 2)),
    CheckpointOrigin(log: "log", group: "group", partition: 3, definition: definition(inputs: 5)),
    CheckpointOrigin(log: "log", group: "group", partition: 3, definition: definition(outputs: [4, 5, 4])),
  ])
  func oneMadeForSomethingElseIsRefused(other: CheckpointOrigin) {
    #expect(throws: UnusableCheckpoint.self) { try decode(encoded, for: other) }
  }
}

@Suite("State directory") struct StateDirectoryTests {
  @Test func keepsWhatIsWrittenAndItsProcessID() throws {
    try withTemporaryDirectory { path in
      var first: StateDirectory? = try StateDirectory(path: path + "/state")
      let id = try #require(first?.processID)
      #expect(try first?.read("entity-0") == nil)
      try first?.write([1, 2, 3], as: "entity-0")
      try first?.write([4, 5], as: "entity-0")
      first = nil
      let second = try StateDirectory(path: path + "/state")
      #expect(second.processID == id)
      #expect(try second.read("entity-0") == [4, 5])
    }
  }

  @Test func isOfOneProcessAtATime() throws {
    try withTemporaryDirectory { path in
      let first = try StateDirectory(path: path)
      #expect(throws: StateDirectory.Failure.self) { try StateDirectory(path: path) }
      withExtendedLifetime(first) {}
    }
  }

  @Test func saysWhenItCannotBe() throws {
    try withTemporaryDirectory { path in
      let file = path + "/file"
      #expect(FileManager.default.createFile(atPath: file, contents: nil))
      #expect(throws: StateDirectory.Failure.self) { try StateDirectory(path: file + "/below") }
    }
  }
}

/// Runs `body` with a new directory that is removed afterwards.
func withTemporaryDirectory<T>(_ body: (String) throws -> T) throws -> T {
  let path = NSTemporaryDirectory() + "partner-pulse-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}
