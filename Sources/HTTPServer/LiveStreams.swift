import Glibc
import Synchronization

/// The streams that are being sent.
final class LiveStreams: Sendable {
  private struct Live {
    var stream: ResponseStream
    var descriptor: Int32
  }

  private struct State {
    var streams: [ObjectIdentifier: Live] = [:]
    var isEnding = false
  }

  /// POLLRDHUP, which Swift's Glibc module does not have.
  private static let readHangUp: Int32 = 0x2000

  private let state = Mutex(State())
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  var count: Int { state.withLock { $0.streams.count } }

  /// Returns whether the stream may be sent; if so, `remove` must be called before the descriptor is closed.
  func insert(_ stream: ResponseStream, _ descriptor: Int32) -> Bool {
    state.withLock { state in
      guard !state.isEnding, state.streams.count < limit else { return false }
      state.streams[ObjectIdentifier(stream)] = Live(stream: stream, descriptor: descriptor)
      return true
    }
  }

  func remove(_ stream: ResponseStream) {
    state.withLock { $0.streams[ObjectIdentifier(stream)] = nil }
  }

  /// Ends all streams; no more are accepted.
  func end() {
    let streams = state.withLock { state in
      state.isEnding = true
      return state.streams.values.map(\.stream)
    }
    for stream in streams { stream.end() }
  }

  /// Ends the streams whose client has hung up. libmicrohttpd does not watch a suspended connection, so such a stream would count
  /// against the limit until something is sent. Must be called periodically.
  func endAbandoned() {
    let abandoned = state.withLock { state in
      let live = Array(state.streams.values)
      let hangUp = Int16(Self.readHangUp | POLLHUP | POLLERR)
      var polled = live.map { pollfd(fd: $0.descriptor, events: hangUp, revents: 0) }
      guard poll(&polled, nfds_t(polled.count), 0) > 0 else { return [ResponseStream]() }
      return zip(live, polled).filter { $0.1.revents & hangUp != 0 }.map(\.0.stream)
    }
    for stream in abandoned { stream.end() }
  }
}
