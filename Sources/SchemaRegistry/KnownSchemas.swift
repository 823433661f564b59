import Contract
import EventLog
import Synchronization
import Topology

/// Which schemas a registry has, asked once for each. Any thread may use it.
///
/// What is there stays, since ids are never given anew. What is not there may come, and is asked for again after a minute.
package final class KnownSchemas: InputSchemas {
  private struct Answers {
    var known: [UInt32: SchemaType] = [:]
    /// Since when.
    var absent: [UInt32: ContinuousClock.Instant] = [:]
  }

  private static let absence = Duration.seconds(60)
  /// Ids that nobody registered may be any; more than so many are not kept.
  private static let mostAbsent = 10_000

  private let registry: SchemaRegistry
  private let answers = Mutex(Answers())

  package init(_ registry: SchemaRegistry) { self.registry = registry }

  package func isKnown(_ id: UInt32, isJSON: Bool) throws(LogError) -> Bool {
    let type = try type(of: id)
    return type == (isJSON ? .json : .protobuf)
  }

  private func type(of id: UInt32) throws(LogError) -> SchemaType? {
    let now = ContinuousClock.now
    let (known, absent) = answers.withLock { ($0.known[id], $0.absent[id]) }
    if let known { return known }
    if let absent, now - absent < Self.absence { return nil }
    // Not under the lock: other threads go on with what they know.
    let found: SchemaType?
    do throws(RegistryError) {
      found = try registry.type(ofSchema: id)
    } catch {
      throw LogError(
        error.mayPass ? .retriable : .unusable, code: "SCHEMA_REGISTRY",
        "cannot ask the schema registry for schema \(id): \(error)")
    }
    answers.withLock { answers in
      answers.absent[id] = nil
      if let found {
        answers.known[id] = found
      } else {
        if answers.absent.count >= Self.mostAbsent { answers.absent = [:] }
        answers.absent[id] = now
      }
    }
    return found
  }
}
