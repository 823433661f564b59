import HTTPServer

/// The servers of a web service.
struct RunningService {
  let server: Server
  let metrics: Server?

  /// Ends streams, finishes what is being answered, and closes all connections. Blocks.
  func stop() {
    server.stop()
    metrics?.stop()
  }
}
