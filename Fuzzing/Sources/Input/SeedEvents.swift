import Contract
import Indicators
import ReferenceModel

/// Inputs to start from: small random sets of events, and what the program makes of them.
enum SeedEvents {
  static func catalog() throws -> Catalog { try Catalog(json: testCatalog) }

  /// Words of the sets' world.
  static let words = [
    "", "c0", "c1", "s0", "s1", "u0", "p0", "p1", "A", "B", "N", "a", "ab", "caf\u{e9}", "b", "E1", "E3",
    "FR",
    "DE", "CN", "EUR", "USD", "fr", "F", "partner|1",
  ]

  /// Sets of events, each cut to the frames that one input holds.
  static func sets(_ count: Int) -> [[Frame]] {
    (0..<UInt64(count)).map { seed in
      var random = RandomEvents(seed: seed)
      return random.set().prefix(Frame.most).enumerated().map { index, logged in
        Frame(
          topic: logged.event.topic, timestamp: logged.timestamp, key: Array(logged.event.key.utf8),
          value: logged.payload, endsCommit: index % 7 == 6)
      }
    }
  }

  /// What both stages write about each of such sets.
  static func outputs(_ count: Int) throws -> [[Frame]] {
    let catalog = try catalog()
    return sets(count).map { Pipeline(catalog: catalog, after: $0).written }
  }
}
