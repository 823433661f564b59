import Synchronization

/// What a server has refused before its handler was asked, or after.
package enum RefusalReason: String, Sendable, CaseIterable {
  /// It could be read in two ways.
  case ambiguous = "ambiguous_request"
  case clientConnections = "client_connections"
  case connections
  case streams
  /// A connection that waited for a request was closed for another one.
  case evicted = "evicted_connection"
}

final class Refusals: Sendable {
  private let counts = Mutex<[RefusalReason: Int]>([:])

  func count(_ reason: RefusalReason) { counts.withLock { $0[reason, default: 0] += 1 } }

  var all: [RefusalReason: Int] { counts.withLock { $0 } }
}
