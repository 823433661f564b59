import Glibc
import HTTPServer
import Synchronization

/// One stream of a channel's events.
final class Subscriber: ChannelFollower {
  private struct State {
    /// Nil before the first event.
    var sentID: String?
    /// When something was last sent, in seconds of the time of day.
    var sentAt: Int64
    /// Weak, since the stream keeps this.
    weak var stream: ResponseStream?
    var hasBegun = false
  }

  private let channel: Channel
  /// When the right to see this ends, in seconds since 1970 UTC.
  private let expiry: Int64?
  /// Whether it has ended before.
  private let isRevoked: @Sendable () -> Bool
  private let state: Mutex<State>

  /// Seconds without an event after which a comment shows that the connection is alive, and finds out if it is not.
  private static let heartbeat: Int64 = 15

  init(
    _ channel: Channel, knownID: String?, expiry: Int64?, isRevoked: @escaping @Sendable () -> Bool
  ) {
    self.channel = channel
    self.expiry = expiry
    self.isRevoked = isRevoked
    state = Mutex(State(sentID: knownID, sentAt: Int64(time(nil))))
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
    let event = channel.event
    return state.withLock { state in
      var bytes: [UInt8] = []
      if !state.hasBegun {
        state.hasBegun = true
        // Sent even where there is no event, so that the client knows that it is connected.
        bytes += Array("retry: 2000\n\n".utf8)
      }
      if state.sentID != event.id {
        state.sentID = event.id
        bytes += event.bytes
      } else if bytes.isEmpty, now - state.sentAt >= Self.heartbeat {
        bytes += Array(":\n\n".utf8)
      }
      guard !bytes.isEmpty else { return .wait }
      state.sentAt = now
      return .bytes(bytes)
    }
  }
}
