import CMicroHTTPD
import Glibc
import Platform

/// An HTTP/1.1 server for requests without bodies, on one thread of its own, which calls the handler. Everything of this
/// class may be called on any other thread.
package final class Server: Sendable {
  /// Where it listens, with the port that the system chose.
  package let address: ListenAddress
  private let engine: Engine
  private let daemon: Daemon

  /// Starts it. `handle` must not block; what `isEssential` it is asked even over connections beyond the limits. Throws if the
  /// address cannot be listened on.
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

  /// Connections that are open.
  package var connectionCount: Int { engine.connections.count }

  /// What it has refused so far, by reason.
  package var refusals: [RefusalReason: Int] { engine.refusals.all }

  /// Streams that are being sent.
  package var streamCount: Int { engine.streams.count }

  /// Takes no more connections, ends the streams, lets requests that are being answered finish for up to the limits' time,
  /// and closes all connections. Blocks.
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
