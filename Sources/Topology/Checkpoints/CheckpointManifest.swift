import CXXHash
import Contract
import EventLog
import Indicators

/// The manifest completes a checkpoint and is written last. It has the checkpoint's origin, the positions to continue reading
/// from, and the sizes and XXH3 checksums of the chunks that make up the task's state.
package struct CheckpointManifest: Sendable, Equatable {
  package struct Chunk: Sendable, Equatable {
    package var size: Int
    package var checksum: UInt64

    package init(_ bytes: [UInt8]) {
      size = bytes.count
      checksum = bytes.withUnsafeBytes { CheckpointManifest.checksum($0) }
    }

    init(size: Int, checksum: UInt64) {
      self.size = size
      self.checksum = checksum
    }
  }

  package var positions: Positions
  /// In the order in which they were taken.
  package var chunks: [Chunk]

  package init(positions: Positions, chunks: [Chunk]) {
    self.positions = positions
    self.chunks = chunks
  }

  /// Ends with the format's version, which changes with the contents of chunks and with the events that a state may include.
  private static let magic = Array("PPULSE03".utf8)

  /// Writes the magic number with the format's version, the origin, positions, chunks, and an XXH3 checksum of all of these.
  package func encode(_ origin: CheckpointOrigin) -> [UInt8] {
    var writer = StateWriter()
    for byte in Self.magic { writer.write(byte) }
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
    writer.writeAll(chunks) { writer, chunk in
      writer.write(Int64(chunk.size))
      writer.write(chunk.checksum)
    }
    writer.write(writer.bytes.withUnsafeBytes { Self.checksum($0) })
    return writer.bytes
  }

  /// Decodes a manifest that `encode` wrote for the same origin.
  package init(_ bytes: UnsafeRawBufferPointer, for origin: CheckpointOrigin) throws(UnusableCheckpoint) {
    guard bytes.count > Self.magic.count + 8, bytes.prefix(Self.magic.count).elementsEqual(Self.magic) else {
      throw UnusableCheckpoint(description: "it has another format version, or is not a checkpoint")
    }
    let body = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 8)])
    let sum = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: body.count, as: UInt64.self))
    guard sum == Self.checksum(body) else {
      throw UnusableCheckpoint(description: "it is damaged: its checksum is wrong")
    }
    do {
      self = try Self(checked: UnsafeRawBufferPointer(rebasing: body[Self.magic.count...]), origin)
    } catch let error as UnusableCheckpoint {
      throw error
    } catch {
      throw UnusableCheckpoint(description: "it is damaged: \(error)")
    }
  }

  private init(checked bytes: UnsafeRawBufferPointer, _ origin: CheckpointOrigin) throws {
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
      throw UnusableCheckpoint(description: "it was computed with \(differences.joined(separator: ", "))")
    }
    guard found == origin else {
      throw UnusableCheckpoint(
        description:
          "it belongs to group \(found.group) of log \(found.log), partition \(found.partition)")
    }
    positions = [:]
    for _ in 0..<(try reader.readCount()) {
      guard let topic = Topic(name: try reader.readString()) else {
        throw UnusableCheckpoint(description: "it names an unknown topic")
      }
      positions[TopicPartition(topic, try reader.read())] = try reader.read(Int64.self)
    }
    chunks = []
    for _ in 0..<(try reader.readCount()) {
      let size = Int(try reader.read(Int64.self))
      guard size >= 0 else {
        throw UnusableCheckpoint(description: "it is damaged: a chunk has a negative size")
      }
      chunks.append(Chunk(size: size, checksum: try reader.read()))
    }
    guard reader.isAtEnd else { throw UnusableCheckpoint(description: "it is damaged: it has extra bytes") }
  }

  /// Throws unless sizes and checksums of these chunks match.
  package func check(_ found: [[UInt8]]) throws(UnusableCheckpoint) {
    guard found.count == chunks.count else {
      throw UnusableCheckpoint(
        description: "it is damaged: it has \(found.count) of \(chunks.count) chunks")
    }
    for (index, bytes) in found.enumerated() where Chunk(bytes) != chunks[index] {
      throw UnusableCheckpoint(description: "it is damaged: chunk \(index) has a wrong checksum")
    }
  }

  package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    xxh3_128(bytes.baseAddress, bytes.count, 0).low64
  }
}

/// A checkpoint as one file: the chunks, the manifest, and the manifest's size.
package enum CheckpointFile {
  package static func end(_ manifest: [UInt8]) -> [UInt8] {
    manifest + withUnsafeBytes(of: UInt64(manifest.count).littleEndian) { Array($0) }
  }

  /// The manifest, and the chunks that it lists.
  package static func split(
    _ file: UnsafeRawBufferPointer, for origin: CheckpointOrigin
  ) throws(UnusableCheckpoint) -> (CheckpointManifest, chunks: [[UInt8]]) {
    guard file.count >= 8 else { throw UnusableCheckpoint(description: "it is not a checkpoint") }
    let body = UnsafeRawBufferPointer(rebasing: file[..<(file.count - 8)])
    let size = UInt64(littleEndian: file.loadUnaligned(fromByteOffset: body.count, as: UInt64.self))
    guard size <= UInt64(body.count) else {
      throw UnusableCheckpoint(description: "it has another format version, or is not a checkpoint")
    }
    let manifest = try CheckpointManifest(
      UnsafeRawBufferPointer(rebasing: body[(body.count - Int(size))...]), for: origin)
    var (chunks, offset) = ([[UInt8]](), 0)
    for chunk in manifest.chunks {
      guard chunk.size <= body.count - Int(size) - offset else {
        throw UnusableCheckpoint(description: "it is damaged: it ends too early")
      }
      chunks.append(Array(body[offset..<(offset + chunk.size)]))
      offset += chunk.size
    }
    guard offset == body.count - Int(size) else {
      throw UnusableCheckpoint(description: "it is damaged: it has extra bytes")
    }
    return (manifest, chunks)
  }
}
