import Synchronization

/// What one client may have at once, so that it leaves something to others.
package struct ClientLimits: Sendable {
  /// Event streams.
  package var streams = 32
  /// Explanations that are in work or wait.
  package var explanations = 4

  package init() {}
}

/// How many streams each client has.
final class StreamQuota: Sendable {
  let limit: Int
  private let taken = Mutex<[ClientKey: Int]>([:])

  init(_ limit: Int) { self.limit = limit }

  /// Whether the client may have one more; if so, `giveBack` must follow once.
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
