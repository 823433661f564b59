import HTTPServer

/// One client's stream of a channel's events.
final class Subscriber: ChannelFollower {
  private let channel: Channel
  /// Keeps the id of the last event that was sent; nil before the first.
  private let stream: HeartbeatStream<String?>

  init(
    _ channel: Channel, knownID: String?, expiry: Int64?, isRevoked: @escaping @Sendable () -> Bool
  ) {
    self.channel = channel
    stream = HeartbeatStream(sent: knownID, expiry: expiry, isRevoked: isRevoked)
  }

  /// Must be called once.
  func makeStream(closed: @escaping @Sendable () -> Void) -> ResponseStream {
    stream.makeStream(next: { [self] in next(now: $0) }, closed: closed)
  }

  func isDue(now: Int64) -> Bool { stream.isDue(now: now) }

  func wake() { stream.wake() }

  private func next(now: Int64) -> ResponseStream.Piece {
    let event = channel.event
    return stream.piece(now: now) { sentID, isFirst, isDue in
      if sentID != event.id {
        sentID = event.id
        return event.bytes
      }
      return isDue && !isFirst ? Array(":\n\n".utf8) : []
    }
  }
}
