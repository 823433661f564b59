import Synchronization

/// The streams that are being sent.
final class LiveStreams: Sendable {
  private struct State {
    var streams: [ObjectIdentifier: ResponseStream] = [:]
    var isEnding = false
  }

  private let state = Mutex(State())
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  var count: Int { state.withLock { $0.streams.count } }

  /// Whether the stream may be sent; if so, `remove` must follow.
  func insert(_ stream: ResponseStream) -> Bool {
    state.withLock { state in
      guard !state.isEnding, state.streams.count < limit else { return false }
      state.streams[ObjectIdentifier(stream)] = stream
      return true
    }
  }

  func remove(_ stream: ResponseStream) {
    state.withLock { $0.streams[ObjectIdentifier(stream)] = nil }
  }

  /// Ends all of them; no more are taken.
  func end() {
    let streams = state.withLock { state in
      state.isEnding = true
      return Array(state.streams.values)
    }
    for stream in streams { stream.end() }
  }
}
