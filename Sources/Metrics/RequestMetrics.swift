import Synchronization

/// Counts and durations of the requests that a site has answered.
package final class RequestMetrics: Sendable {
  private struct Key: Hashable {
    var route: String
    var status: Int
  }

  private struct State {
    var counts: [Key: Int] = [:]
    var durations = Histogram([0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1])
  }

  private let state = Mutex(State())

  package init() {}

  package func count(_ route: String, status: Int, after duration: Duration) {
    let (seconds, attoseconds) = duration.components
    state.withLock { state in
      state.counts[Key(route: route, status: status), default: 0] += 1
      state.durations.observe(Double(seconds) + Double(attoseconds) * 1e-18)
    }
  }

  package func write(to text: inout MetricsText) {
    let state = state.withLock { $0 }
    let requests = "partner_pulse_http_requests_total"
    text.begin(requests, .counter, "HTTP requests answered.")
    for (key, count) in state.counts.sorted(by: {
      ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status)
    }) {
      text.sample(requests, [("route", key.route), ("status", String(key.status))], Double(count))
    }
    let durations = "partner_pulse_http_handling_seconds"
    text.begin(durations, .histogram, "Time to compute a response.")
    text.histogram(durations, [], state.durations)
  }
}
