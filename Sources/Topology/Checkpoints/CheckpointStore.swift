/// Where checkpoints are kept.
public protocol CheckpointStore: Sendable {
  /// The checkpoint of this name, or nil if there is none.
  func read(_ name: String) throws -> [UInt8]?

  /// Replaces the checkpoint of this name; after a crash there is the old one or the new one.
  func write(_ bytes: [UInt8], as name: String) throws
}
