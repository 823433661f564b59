import Contract
import Platform

/// The changes of a result, as an asynchronous sequence that does not end by itself.
///
/// Each iteration reads the log from the beginning, on a thread of its own. That thread pauses while `limit` changes wait to be
/// taken, so a slow consumer slows reading down instead of filling memory. Reading stops when the consuming task is cancelled,
/// which throws `CancellationError`, and when the iterator is released, as after `break`.
///
/// ```swift
/// let changes = ResultChanges(of: .kafka("broker:9092"))
/// for try await change in changes {
///   switch change {
///   case .snapshot(let snapshot):
///     print(snapshot.partner, snapshot.month, snapshot[.netNewRevenue]?.value ?? "undefined")
///   case .began(let generation): print("generation \(generation)")
///   default: break
///   }
/// }
/// ```
///
/// To ask for the current result, apply the changes to a ``ResultView``.
public struct ResultChanges: AsyncSequence, Sendable {
  /// What an iteration yields.
  public typealias Element = ResultChange

  private let source: ResultSource
  private let generation: Contract.Generation?
  private let limit: Int

  /// The changes of a result. Nothing is opened or read before the first iteration.
  ///
  /// - Parameters:
  ///   - source: the log.
  ///   - generation: follow this one only; nil for the one that is served, through every switch. A number less than 1 is taken
  ///     for 1.
  ///   - limit: how many changes may wait to be taken, at least 1. The records of one read from the log come on top.
  public init(of source: ResultSource, generation: Int? = nil, limit: Int = 1000) {
    self.source = source
    self.generation = generation.map { Contract.Generation(UInt32(clamping: $0)) ?? .first }
    self.limit = Swift.max(1, limit)
  }

  /// Starts a thread that reads the log from the beginning.
  public func makeAsyncIterator() -> Iterator { Iterator(start()) }

  /// Starts to read.
  package func start() -> ChangeBuffer {
    let buffer = ChangeBuffer(limit: limit)
    let reading = ResultReading(source: source, wanted: generation, buffer: buffer)
    startThread(named: "pp-result") { reading.run() }
    return buffer
  }

  /// One pass over the changes. For one task at a time; releasing it ends its thread.
  public struct Iterator: AsyncIteratorProtocol {
    /// Stops the thread when it is released.
    private final class Lifetime: Sendable {
      let buffer: ChangeBuffer

      init(_ buffer: ChangeBuffer) { self.buffer = buffer }

      deinit { buffer.stop() }
    }

    private let lifetime: Lifetime

    package init(_ buffer: ChangeBuffer) { lifetime = Lifetime(buffer) }

    /// The next change; waits until there is one. Returns nil only after it has thrown.
    ///
    /// - Throws: a ``ResultError`` if the result cannot be read, and `CancellationError` if the task is cancelled.
    public mutating func next() async throws -> ResultChange? {
      let buffer = lifetime.buffer
      return try await withTaskCancellationHandler {
        try await buffer.next()
      } onCancel: {
        buffer.stop()
      }
    }
  }
}
