import CMicroHTTPD
import Glibc
import Synchronization

/// Owns libmicrohttpd's handle, which is thread-safe, and the engine that is passed to its callbacks.
final class Daemon: Sendable {
  private struct Handle: @unchecked Sendable {
    // The library's functions may be called with it on any thread, until `stop` takes it.
    let pointer: OpaquePointer
    let engine: Unmanaged<Engine>
  }

  private let handle: Mutex<Handle?>

  init(_ socket: ListenSocket, _ engine: Engine) throws(ServerError) {
    let retained = Unmanaged.passRetained(engine)
    let limits = engine.limits
    guard
      let pointer = cmicrohttpd_start(
        socket.descriptor, UInt32(limits.connections + limits.spareConnections), UInt32(limits.stallSeconds),
        limits.connectionMemory,
        onRequest, onTarget, onCompletion, onConnection, retained.toOpaque())
    else {
      retained.release()
      close(socket.descriptor)
      throw ServerError(description: "cannot start an HTTP server on \(socket.address)")
    }
    handle = Mutex(Handle(pointer: pointer, engine: retained))
  }

  func closeListenSocket() {
    handle.withLock { handle in
      guard let handle else { return }
      let descriptor = MHD_quiesce_daemon(handle.pointer)
      if descriptor >= 0 { close(descriptor) }
    }
  }

  /// Closes all connections and ends the thread. No stream may be suspended any more.
  func stop() {
    let taken = handle.withLock { handle in
      defer { handle = nil }
      return handle
    }
    guard let taken else { return }
    MHD_stop_daemon(taken.pointer)
    taken.engine.release()
  }
}

private func engine(_ context: UnsafeMutableRawPointer?) -> Engine? {
  context.map { Unmanaged<Engine>.fromOpaque($0).takeUnretainedValue() }
}

/// Called with a request's target. Returns the exchange, which the library passes to the other callbacks.
private let onTarget:
  @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?) -> UnsafeMutableRawPointer? =
    { _, target, _ in
      Unmanaged.passRetained(Exchange(target: target)).toOpaque()
    }

private let onRequest: MHD_AccessHandlerCallback = {
  context, connection, _, method, version, _, _, exchange in
  guard let engine = engine(context), let connection, let method, let version,
    let exchange = exchange?.pointee
  else { return .NO }
  return engine.handle(
    Connection(pointer: connection), method: method, version: version,
    Unmanaged<Exchange>.fromOpaque(exchange).takeUnretainedValue())
}

private let onCompletion: MHD_RequestCompletedCallback = { context, connection, exchange, outcome in
  guard let taken = exchange?.pointee else { return }
  exchange?.pointee = nil
  let owned = Unmanaged<Exchange>.fromOpaque(taken).takeRetainedValue()
  if let engine = engine(context), let connection {
    engine.complete(
      Connection(pointer: connection), owned, isWhole: outcome == .REQUEST_TERMINATED_COMPLETED_OK)
  }
}

private let onConnection: MHD_NotifyConnectionCallback = { context, connection, _, change in
  guard let engine = engine(context), let connection = connection.map(Connection.init) else { return }
  switch change {
  case .CONNECTION_NOTIFY_STARTED:
    engine.connections.open(connection.key, connection.descriptor, connection.client)
  default: engine.connections.close(connection.key)
  }
}
