import CMicroHTTPD
import Glibc
import Platform
import Synchronization

/// An HTTP/1.1 server for requests without bodies. One thread of its own serves all connections and calls the handler; all members
/// may be used on any other thread.
package final class Server: Sendable {
  /// The address it listens on, with the port that the system chose.
  package let address: ListenAddress
  private let engine: Engine
  private let daemon: Daemon

  /// Starts the server. `handle` must not block. Requests for which `isEssential` is true are handled even on connections beyond
  /// the limits. Throws if it cannot listen on the address.
  package init(
    _ address: ListenAddress, limits: ServerLimits = ServerLimits(),
    isEssential: @escaping @Sendable (Request) -> Bool = { _ in false },
    _ handle: @escaping @Sendable (Request) -> Response
  ) throws(ServerError) {
    let socket = try ListenSocket(address)
    self.address = socket.address
    engine = Engine(limits, isEssential: isEssential, handle)
    daemon = try Daemon(socket, engine)
  }

  /// The number of open connections.
  package var connectionCount: Int { engine.connections.count }

  /// The number of refusals so far, by reason.
  package var refusals: [RefusalReason: Int] { engine.refusals.all }

  /// The number of streams that are being sent.
  package var streamCount: Int { engine.streams.count }

  /// Accepts no more connections, ends the streams, lets requests in progress finish within `stopSeconds`, and closes all
  /// connections. Blocks.
  package func stop() {
    engine.beginStop()
    daemon.closeListenSocket()
    engine.streams.end()
    let end = ConnectionTable.now + engine.limits.stopSeconds
    while engine.connections.busyCount > 0, ConnectionTable.now < end { Clock.sleep(milliseconds: 5) }
    daemon.stop()
  }

  deinit { stop() }
}

/// Why the server refused a request or connection without calling the handler, or closed a connection.
package enum RefusalReason: String, Sendable, CaseIterable {
  /// The request could be parsed in two ways.
  case ambiguous = "ambiguous_request"
  /// The client has too many connections (`ServerLimits.connectionsPerClient`).
  case clientConnections = "client_connections"
  /// There are too many connections altogether.
  case connections
  /// There are too many streams.
  case streams
  /// A connection that waited for a request was closed to make room for another.
  case evicted = "evicted_connection"
}

/// How many refusals there were, by reason.
final class Refusals: Sendable {
  private let counts = Mutex<[RefusalReason: Int]>([:])

  func count(_ reason: RefusalReason) { counts.withLock { $0[reason, default: 0] += 1 } }

  var all: [RefusalReason: Int] { counts.withLock { $0 } }
}
