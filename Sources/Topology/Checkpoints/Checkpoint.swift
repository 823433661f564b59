import CXXHash
import Contract
import EventLog
import Indicators

/// A task as it was when the group's positions were those.
package struct Checkpoint<Task: StageTask> {
  package var task: Task
  package var positions: Positions

  package init(task: Task, positions: Positions) {
    self.task = task
    self.positions = positions
  }
}

/// What a checkpoint must have been made for to be of use.
package struct CheckpointOrigin: Equatable {
  /// The log's own identity: offsets of another one mean nothing here.
  var log: ExactText
  var group: ExactText
  var partition: Int32
  /// Under another one the same events mean something else.
  var definition: ResultDefinition

  package init(log: String, group: String, partition: Int32, definition: ResultDefinition) {
    self.log = ExactText(log)
    self.group = ExactText(group)
    self.partition = partition
    self.definition = definition
  }
}

/// Why a checkpoint is of no use.
package struct UnusableCheckpoint: Error, CustomStringConvertible {
  package let description: String
}

/// The bytes of a checkpoint file: a magic number with the format's version, where it comes from, positions, the state, and
/// XXH3 of all of that.
package enum CheckpointFormat {
  /// Changes with every change of what `encode` of a state writes, and of what events a state may hold.
  private static let magic = Array("PPULSE02".utf8)

  package static func encode(_ state: [UInt8], at positions: Positions, _ origin: CheckpointOrigin) -> [UInt8]
  {
    var writer = StateWriter()
    for byte in magic { writer.write(byte) }
    writer.write(origin.log.text)
    writer.write(origin.group.text)
    writer.write(origin.partition)
    writer.write(origin.definition.catalog)
    writer.write(origin.definition.semantics)
    writer.write(origin.definition.inputPartitions)
    writer.writeAll(origin.definition.outputPartitions) { $0.write($1) }
    let ordered = positions.sorted {
      ($0.key.topic.rawValue, $0.key.partition) < ($1.key.topic.rawValue, $1.key.partition)
    }
    writer.writeAll(ordered) { writer, entry in
      writer.write(entry.key.topic.name)
      writer.write(entry.key.partition)
      writer.write(entry.value)
    }
    writer.write(state)
    writer.write(writer.bytes.withUnsafeBytes { checksum($0) })
    return writer.bytes
  }

  /// The state's bytes and the positions.
  package static func decode(
    _ bytes: UnsafeRawBufferPointer, _ origin: CheckpointOrigin
  ) throws(UnusableCheckpoint) -> (state: [UInt8], positions: Positions) {
    guard bytes.count > magic.count + 8, bytes.prefix(magic.count).elementsEqual(magic) else {
      throw UnusableCheckpoint(description: "it is of another version, or no checkpoint")
    }
    let body = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 8)])
    let sum = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: body.count, as: UInt64.self))
    guard sum == checksum(body) else {
      throw UnusableCheckpoint(description: "it is damaged: its checksum is wrong")
    }
    do {
      return try decode(checked: UnsafeRawBufferPointer(rebasing: body[magic.count...]), origin)
    } catch let error as UnusableCheckpoint {
      throw error
    } catch {
      throw UnusableCheckpoint(description: "it is damaged: \(error)")
    }
  }

  private static func decode(
    checked bytes: UnsafeRawBufferPointer, _ origin: CheckpointOrigin
  ) throws -> (state: [UInt8], positions: Positions) {
    var reader = StateReader(bytes)
    let (log, group) = (try reader.readString(), try reader.readString())
    let partition: Int32 = try reader.read()
    var definition = ResultDefinition(
      catalog: try reader.readString(), semantics: try reader.read(), inputPartitions: try reader.read(),
      outputPartitions: [])
    for _ in 0..<(try reader.readCount()) { definition.outputPartitions.append(try reader.read()) }
    let found = CheckpointOrigin(log: log, group: group, partition: partition, definition: definition)
    let differences = definition.differences(from: origin.definition)
    if !differences.isEmpty {
      throw UnusableCheckpoint(description: "it was made under \(differences.joined(separator: ", "))")
    }
    guard found == origin else {
      throw UnusableCheckpoint(
        description:
          "it was made for group \(found.group) of log \(found.log), partition \(found.partition)"
      )
    }
    var positions: Positions = [:]
    for _ in 0..<(try reader.readCount()) {
      guard let topic = Topic(name: try reader.readString()) else {
        throw UnusableCheckpoint(description: "it names an unknown topic")
      }
      positions[TopicPartition(topic, try reader.read())] = try reader.read(Int64.self)
    }
    return (try reader.readBytes(), positions)
  }

  package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    xxh3_128(bytes.baseAddress, bytes.count, 0).low64
  }
}
