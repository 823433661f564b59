import Dashboard
import HTTPServer
import Metrics
import Synchronization

/// Serves /metrics, /healthz and /readyz from the start of the process, although the aggregator is created only once the log
/// answers.
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

  /// Serves the metrics of `service` from now on.
  func watch(_ service: AggregatorService) { self.service.service.withLock { $0 = service } }

  /// Closes all connections. Blocks.
  func stop() { server?.stop() }
}

/// A server of only /metrics, /healthz and /readyz. It requires no token, since these contain no data of partners.
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
