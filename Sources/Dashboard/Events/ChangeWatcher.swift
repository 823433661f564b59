import Contract
import HTTPServer

/// One stream that says which of several reports have changed, for all tabs of a browser. It sends only the ids of the reports'
/// events; heartbeats carry the newest event time.
final class ChangeWatcher: ChannelFollower {
  private let channels: [Channel]
  private let newestEvent: @Sendable () -> Timestamp?
  /// Keeps the id of the last event that was sent for each channel; nil before the first.
  private let stream: HeartbeatStream<[String?]>

  init(
    _ channels: [Channel], newestEvent: @escaping @Sendable () -> Timestamp?, expiry: Int64?,
    isRevoked: @escaping @Sendable () -> Bool
  ) {
    (self.channels, self.newestEvent) = (channels, newestEvent)
    stream = HeartbeatStream(
      sent: Array(repeating: nil, count: channels.count), expiry: expiry, isRevoked: isRevoked)
  }

  /// Must be called once.
  func makeStream(closed: @escaping @Sendable () -> Void) -> ResponseStream {
    stream.makeStream(next: { [self] in next(now: $0) }, closed: closed)
  }

  func isDue(now: Int64) -> Bool { stream.isDue(now: now) }

  func wake() { stream.wake() }

  private func next(now: Int64) -> ResponseStream.Piece {
    let ids = channels.map(\.event.id)
    let asOf = newestEvent()
    return stream.piece(now: now) { sentIDs, isFirst, isDue in
      var bytes: [UInt8] = []
      for (index, id) in ids.enumerated() where sentIDs[index] != id {
        sentIDs[index] = id
        bytes += Array("event: changed\ndata: {\"of\":\(index),\"id\":\"\(id)\"}\n\n".utf8)
      }
      guard !bytes.isEmpty || isFirst || isDue else { return [] }
      return bytes + Self.timeEvent(asOf, now: now)
    }
  }

  /// Rounded down to minutes, so that it does not reveal when exactly others do something.
  private static func timeEvent(_ asOf: Timestamp?, now: Int64) -> [UInt8] {
    let minute = asOf.map { Timestamp(seconds: $0.seconds - $0.seconds % 60) }
    let text = minute.flatMap(\.rfc3339).map { "\"\($0)\"" } ?? "null"
    return Array("event: time\ndata: {\"as_of\":\(text),\"now\":\(now)}\n\n".utf8)
  }
}
