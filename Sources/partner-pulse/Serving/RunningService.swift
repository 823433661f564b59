import Dashboard
import HTTPServer
import Synchronization

/// The servers of a web service.
struct RunningService {
  let server: Server
  let metrics: Server?
  let accessLog: LineFile?

  /// Ends streams, finishes what is being answered, and closes all connections. Blocks.
  func stop() {
    server.stop()
    metrics?.stop()
    // The servers have told it of all that they have answered.
    accessLog?.stop()
  }
}

/// Tells of a server that is only made after what tells of it.
final class ServerGauges: Sendable {
  private struct Reference: Sendable {
    // Weak, since the server keeps what tells of it.
    weak var server: Server?
  }

  private let reference = Mutex(Reference())

  func watch(_ server: Server) { reference.withLock { $0.server = server } }

  func write(to text: inout MetricsText) {
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
