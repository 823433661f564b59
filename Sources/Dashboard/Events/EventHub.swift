import Glibc
import HTTPServer
import Platform
import SnapshotView
import Synchronization

/// The channels that somebody follows. What is published touches channels at once; new events are made four times a
/// second at most, so that a burst costs each stream one.
package final class EventHub: Sendable {
  private let board: PublicationBoard
  private let channels = Mutex<[ChannelKey: Channel]>([:])

  package init(board: PublicationBoard) { self.board = board }

  /// A stream of the report under a rule, beginning with it as it is now unless `knownID` says that it is known. It ends at
  /// `expiry` (seconds since 1970 UTC), or once `isRevoked`. `closed` is called when it is over for whatever reason.
  package func subscribe(
    _ query: ReportQuery, _ rule: RangeRule, after knownID: String?, until expiry: Int64?,
    isRevoked: @escaping @Sendable () -> Bool = { false }, closed: @escaping @Sendable () -> Void = {}
  ) -> ResponseStream {
    let key = ChannelKey(query, rule)
    // Made first, since reading the board under this lock would hold up those who publish.
    let made = channels.withLock { $0[key] } ?? Channel(query, rule, board)
    let (channel, subscriber) = channels.withLock { channels in
      let channel = channels[key] ?? made
      channels[key] = channel
      let subscriber = Subscriber(channel, knownID: knownID, expiry: expiry, isRevoked: isRevoked)
      channel.insert(subscriber)
      return (channel, subscriber)
    }
    // What was published between the two would be missed.
    channel.touch()
    return subscriber.makeStream { [self] in
      channels.withLock { channels in
        if channel.remove(subscriber), channels[key] === channel { channels[key] = nil }
      }
      closed()
    }
  }

  /// Takes in what was published; an empty list stands for a result that is new as a whole.
  package func take(_ publications: [Publication]) {
    let channels = channels.withLock { Array($0.values) }
    for channel in channels
    where publications.isEmpty || publications.contains(where: channel.query.isTouched) {
      channel.touch()
    }
  }

  /// Sends what has changed until `stop`. Blocks.
  package func run(until stop: StopSignal) {
    while !stop.wait(for: .milliseconds(250)) { refresh(now: Int64(time(nil))) }
  }

  package func refresh(now: Int64) {
    for channel in channels.withLock({ Array($0.values) }) { channel.refresh(board, now: now) }
  }
}
