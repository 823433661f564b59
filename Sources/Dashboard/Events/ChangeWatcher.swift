import Contract
import Glibc
import HTTPServer
import Synchronization

/// One stream that tells which of several reports have changed, for all tabs of a browser: of each its event's id, and nothing else of
/// what is in it. Heartbeats tell the newest event time.
final class ChangeWatcher: ChannelFollower {
  private struct State {
    /// Of each channel; nil before the first event.
    var sentIDs: [String?]
    /// When something was last sent, in seconds of the time of day.
    var sentAt: Int64
    /// Weak, since the stream keeps this.
    weak var stream: ResponseStream?
    var hasBegun = false
  }

  let channels: [Channel]
  private let newestEvent: @Sendable () -> Timestamp?
  /// When the right to see this ends, in seconds since 1970 UTC.
  private let expiry: Int64?
  /// Whether it has ended before.
  private let isRevoked: @Sendable () -> Bool
  private let state: Mutex<State>

  /// Seconds without a change after which the time shows that the connection is alive, and finds out if it is not.
  private static let heartbeat: Int64 = 15

  init(
    _ channels: [Channel], newestEvent: @escaping @Sendable () -> Timestamp?, expiry: Int64?,
    isRevoked: @escaping @Sendable () -> Bool
  ) {
    self.channels = channels
    self.newestEvent = newestEvent
    self.expiry = expiry
    self.isRevoked = isRevoked
    state = Mutex(State(sentIDs: Array(repeating: nil, count: channels.count), sentAt: Int64(time(nil))))
  }

  /// To be called once.
  func makeStream(closed: @escaping @Sendable () -> Void) -> ResponseStream {
    let stream = ResponseStream(next: { [self] in next(now: Int64(time(nil))) }, closed: closed)
    state.withLock { $0.stream = stream }
    return stream
  }

  func isDue(now: Int64) -> Bool {
    hasEnded(now) || state.withLock { now - $0.sentAt >= Self.heartbeat }
  }

  func wake() { state.withLock { $0.stream }?.wake() }

  private func hasEnded(_ now: Int64) -> Bool { expiry.map { now >= $0 } ?? false || isRevoked() }

  private func next(now: Int64) -> ResponseStream.Piece {
    guard !hasEnded(now) else { return .end }
    let ids = channels.map(\.event.id)
    let asOf = newestEvent()
    return state.withLock { state in
      var bytes: [UInt8] = []
      if !state.hasBegun {
        state.hasBegun = true
        bytes += Array("retry: 2000\n\n".utf8)
      }
      for (index, id) in ids.enumerated() where state.sentIDs[index] != id {
        state.sentIDs[index] = id
        bytes += Array("event: changed\ndata: {\"of\":\(index),\"id\":\"\(id)\"}\n\n".utf8)
      }
      guard !bytes.isEmpty || now - state.sentAt >= Self.heartbeat else { return .wait }
      state.sentAt = now
      return .bytes(bytes + Self.timeEvent(asOf, now: now))
    }
  }

  /// In minutes, since nobody needs to see when exactly others do something.
  private static func timeEvent(_ asOf: Timestamp?, now: Int64) -> [UInt8] {
    let minute = asOf.map { Timestamp(seconds: $0.seconds - $0.seconds % 60) }
    let text = minute.flatMap(\.rfc3339).map { "\"\($0)\"" } ?? "null"
    return Array("event: time\ndata: {\"as_of\":\(text),\"now\":\(now)}\n\n".utf8)
  }
}
