import Dashboard
import HTTPServer
import Metrics
import Synchronization

/// /metrics, /healthz and /readyz of a process, from its start on: the aggregator is made once the log answers.
final class AggregatorEndpoint: Sendable {
  private let service: Shared
  private let server: Server?

  private final class Shared: Sendable {
    let service = Mutex<AggregatorService?>(nil)
  }

  /// Serves nothing if `address` is nil.
  init(at address: ListenAddress?, _ console: Console) throws {
    let shared = Shared()
    service = shared
    server = try address.map { address in
      try MetricsEndpoint.start(
        at: address, waitsFor: { shared.service.withLock { $0 }?.waitsFor() ?? ["the log"] }
      ) { text in
        shared.service.withLock { $0 }?.writeMetrics(&text)
      }
    }
    if let server { console.log(.info, "metrics on http://\(server.address)/metrics") }
  }

  /// Serves the metrics of this one from now on.
  func watch(_ service: AggregatorService) { self.service.service.withLock { $0 = service } }

  /// Closes all connections. Blocks.
  func stop() { server?.stop() }
}

/// A server of /metrics, /healthz and /readyz alone. What it tells is about the program and no partner, so it asks for no
/// token.
enum MetricsEndpoint {
  static func start(
    at address: ListenAddress, waitsFor: @escaping @Sendable () -> [String],
    _ write: @escaping @Sendable (inout MetricsText) -> Void
  ) throws -> Server {
    let hosts = HostRule(for: address)
    return try Server(address, isEssential: Site.isEssential) { request in
      MetricsSite(hosts: hosts, waitsFor: waitsFor, write: write).respond(to: request)
    }
  }
}
