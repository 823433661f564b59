import Glibc
import Platform
import Synchronization

/// What each open connection is at, and since when. A connection that takes too long is shut down, which its server then
/// notices: a timeout of inactivity alone would let a client send a byte now and then for ever.
final class ConnectionTable: Sendable {
  enum Phase: Equatable {
    /// A request is awaited or coming in.
    case reading
    case responding
    case streaming
  }

  private struct Entry {
    var descriptor: Int32
    var phase: Phase
    var since: Int64
  }

  private let entries = Mutex<[UInt: Entry]>([:])
  private let limits: ServerLimits

  init(_ limits: ServerLimits) { self.limits = limits }

  /// Seconds of a monotonic clock.
  static var now: Int64 { Clock.monotonic / 1000 }

  func open(_ key: UInt, _ descriptor: Int32) {
    entries.withLock { $0[key] = Entry(descriptor: descriptor, phase: .reading, since: Self.now) }
  }

  func enter(_ phase: Phase, _ key: UInt) {
    entries.withLock {
      $0[key]?.phase = phase
      $0[key]?.since = Self.now
    }
  }

  /// To be called before the descriptor is closed, after which it may be another's.
  func close(_ key: UInt) { entries.withLock { $0[key] = nil } }

  /// How many connections are being answered.
  var busyCount: Int { entries.withLock { $0.values.count { $0.phase != .reading } } }

  var count: Int { entries.withLock { $0.count } }

  /// To be called now and then.
  func shutDownLate(now: Int64) {
    entries.withLock { entries in
      for entry in entries.values {
        let isLate =
          switch entry.phase {
          case .reading: now - entry.since > limits.requestSeconds
          case .responding: now - entry.since > limits.responseSeconds
          case .streaming: false
          }
        if isLate { shutdown(entry.descriptor, Int32(SHUT_RDWR)) }
      }
    }
  }
}
