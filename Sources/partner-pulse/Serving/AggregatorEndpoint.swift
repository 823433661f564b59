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

  /// From now on it tells of this one.
  func tell(of service: AggregatorService) { self.service.service.withLock { $0 = service } }

  /// Closes all connections. Blocks.
  func stop() { server?.stop() }
}
