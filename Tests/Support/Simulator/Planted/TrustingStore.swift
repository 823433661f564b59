import Topology

/// A disk that corrects the checksums of the checkpoints on it, so that no damage is noticed.
final class TrustingStore: CheckpointStore {
  private let store: any CheckpointStore
  private let origin: @Sendable (_ name: String) -> CheckpointOrigin?

  init(_ store: any CheckpointStore, _ origin: @escaping @Sendable (_ name: String) -> CheckpointOrigin?) {
    self.store = store
    self.origin = origin
  }

  func read(_ name: String) throws -> [UInt8]? {
    guard let file = try store.read(name), let origin = origin(name) else { return nil }
    return CheckpointFile.resealed(file, for: origin)
  }

  func begin(_ name: String) throws -> any CheckpointOutput { try store.begin(name) }
}

extension CheckpointFile {
  /// The same checkpoint with the checksums that its bytes have; as it is, if it is none.
  package static func resealed(_ file: [UInt8], for origin: CheckpointOrigin) -> [UInt8] {
    guard file.count >= 8 else { return file }
    let manifestEnd = file.count - 8
    let size = file.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: manifestEnd, as: UInt64.self))
    }
    guard size >= 8, size <= UInt64(manifestEnd) else { return file }
    let body = manifestEnd - Int(size)..<manifestEnd - 8
    let sum = file[body].withUnsafeBytes { CheckpointManifest.checksum($0) }
    var sealed = file
    sealed.replaceSubrange(
      body.upperBound..<manifestEnd, with: withUnsafeBytes(of: sum.littleEndian, Array.init))
    guard let parts = try? sealed.withUnsafeBytes({ try split($0, for: origin) }) else { return sealed }
    var manifest = parts.0
    manifest.chunks = parts.chunks.map(CheckpointManifest.Chunk.init)
    return parts.chunks.joined() + end(manifest.encode(origin))
  }
}
