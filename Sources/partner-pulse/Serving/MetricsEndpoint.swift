import Dashboard
import HTTPServer

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
