import Synchronization

/// Why a server has refused a request or connection before asking its handler, or closed a connection.
package enum RefusalReason: String, Sendable, CaseIterable {
  /// It could be parsed in two ways.
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
