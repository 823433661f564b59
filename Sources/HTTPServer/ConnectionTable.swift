import Glibc
import Platform
import Synchronization

/// The open connections, with their clients and phases. It shuts down a connection whose phase takes too long: an inactivity
/// timeout alone would let a client keep a connection forever by sending a byte now and then.
final class ConnectionTable: Sendable {
  enum Phase: Equatable {
    /// A request is awaited or being received.
    case reading
    case responding
    case streaming
  }

  /// Which requests of a connection are handled.
  enum Standing: Equatable {
    case regular
    /// Only essential ones: the client has too many connections.
    case beyondClient
    /// Only essential ones: there are too many connections altogether.
    case beyondAll
  }

  private struct Entry {
    var descriptor: Int32
    var client: ClientAddress
    var standing: Standing
    var phase = Phase.reading
    var since: Int64
    /// Orders connections by when they entered their phase.
    var turn = 0
    var isShutDown = false
  }

  private struct State {
    var entries: [UInt: Entry] = [:]
    /// Connections by the client's network.
    var counts: [String: Int] = [:]
    /// How many are regular and how many are not; without those that are shut down, which are about to close.
    var regular = 0
    var spare = 0

    private var turns = 0

    mutating func insert(_ key: UInt, _ entry: Entry) {
      entries[key] = entry
      count(entry, 1)
      enter(entry.phase, key)
    }

    mutating func enter(_ phase: Phase, _ key: UInt) {
      turns += 1
      entries[key]?.phase = phase
      entries[key]?.since = ConnectionTable.now
      entries[key]?.turn = turns
    }

    mutating func shutDown(_ key: UInt) {
      guard var entry = entries[key], !entry.isShutDown else { return }
      count(entry, -1)
      entry.isShutDown = true
      entries[key] = entry
      Glibc.shutdown(entry.descriptor, Int32(SHUT_RDWR))
    }

    mutating func remove(_ key: UInt) {
      guard let entry = entries.removeValue(forKey: key) else { return }
      if !entry.isShutDown { count(entry, -1) }
      let rest = (counts[entry.client.network] ?? 1) - 1
      counts[entry.client.network] = rest > 0 ? rest : nil
    }

    private mutating func count(_ entry: Entry, _ change: Int) {
      if entry.standing == .regular { regular += change } else { spare += change }
    }

    /// Shuts down a connection that waits for a request: of the client with the most connections, the one that has waited longest.
    /// Returns whether there was one.
    mutating func evict(regular isRegular: Bool) -> Bool {
      let waiting = entries.filter {
        $0.value.phase == .reading && !$0.value.isShutDown && ($0.value.standing == .regular) == isRegular
      }
      let victim = waiting.min {
        let (left, right) = ($0.value, $1.value)
        let ofClients = (counts[left.client.network] ?? 0, counts[right.client.network] ?? 0)
        return (-ofClients.0, left.turn) < (-ofClients.1, right.turn)
      }
      if let victim { shutDown(victim.key) }
      return victim != nil
    }
  }

  /// How many connections beyond a client's limit get a response (429); further ones are closed at once.
  private static let refusalResponses = 16

  private let state = Mutex(State())
  private let limits: ServerLimits
  private let refusals: Refusals

  init(_ limits: ServerLimits, _ refusals: Refusals) { (self.limits, self.refusals) = (limits, refusals) }

  /// Seconds of a monotonic clock.
  static var now: Int64 { Clock.monotonic / 1000 }

  func open(_ key: UInt, _ descriptor: Int32, _ client: ClientAddress) {
    state.withLock { state in
      let ofClient = (state.counts[client.network] ?? 0) + 1
      state.counts[client.network] = ofClient
      let isBeyondClient = limits.isCounted(client) && ofClient > limits.connectionsPerClient
      let standing = isBeyondClient ? .beyondClient : makeRoom(&state)
      state.insert(key, Entry(descriptor: descriptor, client: client, standing: standing, since: Self.now))
      if isBeyondClient, ofClient > limits.connectionsPerClient + Self.refusalResponses {
        refusals.count(.clientConnections)
        state.shutDown(key)
      } else if state.spare >= limits.spareConnections, state.evict(regular: false) {
        refusals.count(.evicted)
      }
    }
  }

  /// The standing of a new connection; evicts an idle one for it if necessary.
  private func makeRoom(_ state: inout State) -> Standing {
    guard state.regular >= limits.connections else { return .regular }
    guard state.evict(regular: true) else { return .beyondAll }
    refusals.count(.evicted)
    return .regular
  }

  /// Notes that a request has arrived. Returns its client and the connection's standing.
  func begin(_ key: UInt) -> (client: ClientAddress, standing: Standing) {
    state.withLock { state in
      state.enter(.responding, key)
      return state.entries[key].map { ($0.client, $0.standing) } ?? (.unknown, .regular)
    }
  }

  func enter(_ phase: Phase, _ key: UInt) { state.withLock { $0.enter(phase, key) } }

  /// Must be called before the descriptor is closed, after which its number may be reused.
  func close(_ key: UInt) { state.withLock { $0.remove(key) } }

  /// The number of connections with a request being answered.
  var busyCount: Int { state.withLock { $0.entries.values.count { $0.phase != .reading } } }

  var count: Int { state.withLock { $0.entries.count } }

  /// Shuts down connections whose phase takes too long. Must be called periodically.
  func shutDownLate(now: Int64) {
    state.withLock { state in
      for (key, entry) in state.entries where !entry.isShutDown {
        let isRegular = entry.standing == .regular
        let isLate =
          switch entry.phase {
          case .reading: now - entry.since > (isRegular ? limits.requestSeconds : limits.spareSeconds)
          case .responding: now - entry.since > (isRegular ? limits.responseSeconds : limits.spareSeconds)
          case .streaming: false
          }
        if isLate { state.shutDown(key) }
      }
    }
  }
}
