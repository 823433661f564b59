import Contract
import EventLog
import Platform
import SnapshotView

/// Reads a result into a buffer, on a thread of its own, until the consumer is gone.
struct ResultReading: Sendable {
  let source: ResultSource
  /// Nil for the generation that is served.
  let wanted: Contract.Generation?
  let buffer: ChangeBuffer

  /// Milliseconds within which a stop, or a switch to another generation, is noticed.
  private static let patience: Int32 = 100
  private static let longestWait: Int32 = 30_000

  func run() {
    var wait: Int32 = 500
    while !buffer.isStopped {
      do throws(LogError) {
        try follow { wait = 500 }
      } catch {
        guard error.kind == .retriable else { return buffer.fail(ResultError(error)) }
        guard buffer.put(.interrupted(reason: error.description)) else { return }
        pause(wait)
        wait = min(wait * 2, Self.longestWait)
      }
    }
  }

  private func pause(_ milliseconds: Int32) {
    let end = ContinuousClock.now + .milliseconds(Int(milliseconds))
    while !buffer.isStopped, ContinuousClock.now < end { Clock.sleep(milliseconds: UInt32(Self.patience)) }
  }

  /// Follows generations until the consumer is gone. Calls `wasComplete` each time one is complete.
  private func follow(wasComplete: () -> Void) throws(LogError) {
    let first = try source.open(.first)
    let generations = try GenerationReader(first)
    while !buffer.isStopped {
      let generation = wanted ?? generations.generations.served
      try follow(generation == .first ? first : try source.open(generation), generations, wasComplete)
    }
  }

  /// Follows one generation, until the consumer is gone or another generation is served.
  private func follow(
    _ log: any EventLog, _ generations: GenerationReader, _ wasComplete: () -> Void
  ) throws(LogError) {
    let reader = try PublicationReader(log)
    guard buffer.put(.began(generation: Int(log.generation.number))) else { return }
    var isComplete = false
    while !buffer.isStopped {
      if wanted == nil {
        try generations.poll()
        if generations.generations.served != log.generation { return }
      }
      // Put after the poll: during it, a log may hold a transaction open.
      var changes: [ResultChange] = []
      let (damaged, isAtEnd) = try reader.poll(timeout: Self.patience) { changes.append(ResultChange($0)) }
      if damaged > 0 { changes.append(.unreadable(records: damaged)) }
      if isAtEnd, !isComplete {
        changes.append(.complete)
        isComplete = true
        wasComplete()
      }
      for change in changes {
        guard buffer.put(change) else { return }
      }
    }
  }
}
