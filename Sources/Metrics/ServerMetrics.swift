import HTTPServer
import Synchronization

/// The metrics of a server. The server is set later (`watch`), since its handler needs this object.
package final class ServerMetrics: Sendable {
  private struct Reference: Sendable {
    // Weak, since the server owns its handler, which owns this object.
    weak var server: Server?
  }

  private let reference = Mutex(Reference())

  package init() {}

  package func watch(_ server: Server) { reference.withLock { $0.server = server } }

  package func write(to text: inout MetricsText) {
    guard let server = reference.withLock({ $0.server }) else { return }
    text.single(
      "partner_pulse_http_connections", .gauge, "Open HTTP connections.", Double(server.connectionCount))
    text.single(
      "partner_pulse_http_streams", .gauge, "Open event streams.", Double(server.streamCount))
    let refused = "partner_pulse_http_refusals_total"
    text.begin(refused, .counter, "Requests and connections that the server itself refused, by reason.")
    let refusals = server.refusals
    for reason in RefusalReason.allCases {
      text.sample(refused, [("reason", reason.rawValue)], Double(refusals[reason] ?? 0))
    }
  }
}
