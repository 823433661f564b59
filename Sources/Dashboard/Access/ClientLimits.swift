import Synchronization

/// How much one client may use at once, so that others get their share.
package struct ClientLimits: Sendable {
  /// Event streams.
  package var streams = 32
  /// Explanations that are being made or wait.
  package var explanations = 4

  package init() {}
}

/// Counts the streams of each client.
final class StreamQuota: Sendable {
  let limit: Int
  private let taken = Mutex<[ClientKey: Int]>([:])

  init(_ limit: Int) { self.limit = limit }

  /// Takes one stream if the client may have one more; then `giveBack` must follow once.
  func take(_ client: ClientKey) -> Bool {
    taken.withLock { taken in
      let count = taken[client] ?? 0
      guard count < limit else { return false }
      taken[client] = count + 1
      return true
    }
  }

  func giveBack(_ client: ClientKey) {
    taken.withLock { taken in
      let rest = (taken[client] ?? 1) - 1
      taken[client] = rest > 0 ? rest : nil
    }
  }
}
