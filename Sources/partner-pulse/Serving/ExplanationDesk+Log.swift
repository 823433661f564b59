import Contract
import Dashboard
import EventLog
import Indicators
import SnapshotView
import Synchronization
import Topology

extension ExplanationDesk {
  /// Explains the numbers that a log serves by `facts`, as long as they are made under this definition.
  convenience init(
    _ log: any EventLog, _ definition: ResultDefinition, _ facts: any FactSource,
    jobsPerClient: Int = ClientLimits().explanations
  ) {
    self.init(jobsPerClient: jobsPerClient) { partnerID, moments, isCancelled in
      // Another generation may have been switched to.
      let generations = try GenerationReader(log).generations
      try generations.check(generations.served, definition)
      return try facts.books(of: partnerID, at: moments, isCancelled: isCancelled)
    }
  }
}

/// A source that takes a while to be filled, and another one until then.
final class FilledFacts: FactSource {
  private let facts: any FactSource
  private let before: any FactSource
  private let isFilled = Atomic(false)

  init(_ facts: any FactSource, before: any FactSource) { (self.facts, self.before) = (facts, before) }

  func setFilled(_ filled: Bool) { isFilled.store(filled, ordering: .releasing) }

  func books(
    of partnerID: String, at moments: [Int64?], isCancelled: () -> Bool
  ) throws(LogError) -> [FactBook]? {
    let source = isFilled.load(ordering: .acquiring) ? facts : before
    return try source.books(of: partnerID, at: moments, isCancelled: isCancelled)
  }
}
