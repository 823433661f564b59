import Contract
import EventLog
import Foundation
import Platform
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

  let chunks: [[UInt8]] = [[1, 2, 3], [], [4]]

  var manifest: CheckpointManifest {
    CheckpointManifest(positions: positions, chunks: chunks.map(CheckpointManifest.Chunk.init))
  }

  var encoded: [UInt8] { chunks.flatMap { $0 } + CheckpointFile.end(manifest.encode(origin)) }

  @discardableResult
  func decode(_ bytes: [UInt8], for origin: CheckpointOrigin? = nil) throws -> ([[UInt8]], Positions) {
    try bytes.withUnsafeBytes {
      let (manifest, chunks) = try CheckpointFile.split($0, for: origin ?? self.origin)
      try manifest.check(chunks)
      return (chunks, manifest.positions)
    }
  }

  @Test func readsWhatItWrote() throws {
    let (chunks, positions) = try decode(encoded)
    #expect(chunks == self.chunks)
    #expect(positions == self.positions)
  }

  @Test func theSameStateGivesTheSameBytes() {
    #expect(encoded == encoded)
  }

  // Holds REL-30.
  @Test func everyDamagedByteAndEveryMissingEndIsNoticed() {
    let bytes = encoded
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 0x40
      #expect(throws: UnusableCheckpoint.self) { try decode(damaged) }
      #expect(throws: UnusableCheckpoint.self) { try decode(Array(bytes[..<index])) }
    }
  }

  @Test func chunksOfAnotherCheckpointAreNoticed() {
    for others in [[[1, 2, 3], []], [[1, 2, 3], [], [5]], [[], [1, 2, 3], [4]]] as [[[UInt8]]] {
      #expect(throws: UnusableCheckpoint.self) { try manifest.check(others) }
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
      for chunks in [[[1, 2, 3]], [[4], [5]]] as [[[UInt8]]] {
        let output = try first?.begin("entity-0")
        for chunk in chunks { try output?.append(chunk) }
        try output?.finish()
      }
      // What is not finished changes nothing, and leaves nothing.
      try first?.begin("entity-0").append([6])
      first = nil
      let second = try StateDirectory(path: path + "/state")
      #expect(second.processID == id)
      #expect(try second.read("entity-0") == [4, 5])
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: path + "/state").sorted()
          == ["entity-0.checkpoint", "process-id"])
    }
  }

  @Test func isOfOneProcessAtATime() throws {
    try withTemporaryDirectory { path in
      let first = try StateDirectory(path: path)
      #expect(throws: Failure.self) { try StateDirectory(path: path) }
      withExtendedLifetime(first) {}
    }
  }

  @Test func saysWhenItCannotBe() throws {
    try withTemporaryDirectory { path in
      let file = path + "/file"
      #expect(FileManager.default.createFile(atPath: file, contents: nil))
      #expect(throws: Failure.self) { try StateDirectory(path: file + "/below") }
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
