/// The state of a task in pieces, which are taken while the task goes on: each speaks of the moment at which it is taken. As to
/// take an event in twice changes nothing, a task that has all of them, and is then given again all that came since the first
/// was taken, knows what the first task knew.
public protocol CheckpointChunks: AnyObject {
  /// The next one, of about so many bytes.
  func next(bytes: Int) -> CheckpointChunk
}

public enum CheckpointChunk: Sendable {
  case chunk([UInt8])
  /// There are no more.
  case end
  /// The state has changed so that what was taken does not fit to the rest.
  case stale
}

extension StageTask {
  /// All chunks of the state as it is now, of about so many bytes each.
  package func allChunks(bytes: Int = .max) -> [[UInt8]] {
    let chunks = chunks()
    var all: [[UInt8]] = []
    while case .chunk(let chunk) = chunks.next(bytes: bytes) { all.append(chunk) }
    return all
  }
}

/// A state that is encoded as a whole, at one moment.
final class WholeState: CheckpointChunks {
  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func next(bytes count: Int) -> CheckpointChunk {
    guard offset < bytes.count else { return .end }
    let end = offset + min(bytes.count - offset, max(1, count))
    defer { offset = end }
    return .chunk(Array(bytes[offset..<end]))
  }
}
