import Contract
import Dashboard
import EventLog
import Indicators
import SnapshotView
import Synchronization
import Topology

extension ExplanationService {
  /// Explains the numbers of the served generation by `facts`, as long as it was computed with this definition.
  convenience init(
    _ log: any EventLog, _ definition: ResultDefinition, _ facts: any FactSource,
    jobsPerClient: Int = ClientLimits().explanations, isQuick: @escaping @Sendable () -> Bool = { false }
  ) {
    // Checked at each request, since another generation may be served by then.
    let check: @Sendable () throws -> Void = {
      let generations = try GenerationReader(log).generations
      try generations.check(generations.served, definition)
    }
    self.init(
      jobsPerClient: jobsPerClient, isQuick: isQuick,
      events: { partnerID, isCancelled in
        try check()
        return try facts.events(of: partnerID, isCancelled: isCancelled)
      }
    ) { partnerID, moments, isCancelled in
      try check()
      return try facts.books(of: partnerID, at: moments, isCancelled: isCancelled)
    }
  }
}

/// A source of facts that takes a while to be filled, with another source to use until then.
final class FilledFacts: FactSource {
  private let facts: any FactSource
  private let before: any FactSource
  private let isFilled = Atomic(false)

  init(_ facts: any FactSource, before: any FactSource) { (self.facts, self.before) = (facts, before) }

  var hasAll: Bool { isFilled.load(ordering: .acquiring) }

  func setFilled(_ filled: Bool) { isFilled.store(filled, ordering: .releasing) }

  func books(
    of partnerID: String, at moments: [Int64?], isCancelled: () -> Bool
  ) throws(LogError) -> [FactBook]? {
    try source.books(of: partnerID, at: moments, isCancelled: isCancelled)
  }

  func events(of partnerID: String, isCancelled: () -> Bool) throws(LogError) -> CircleEvents? {
    try source.events(of: partnerID, isCancelled: isCancelled)
  }

  private var source: any FactSource { hasAll ? facts : before }
}
