import Glibc
import HTTPServer
import Platform
import SnapshotView
import Synchronization

/// The channels that somebody follows. What is published touches channels at once; new events are made four times a
/// second at most, so that a burst costs each stream one.
package final class EventHub: Sendable {
  private let board: PublicationBoard
  private let names: PageSettings
  private let channels = Mutex<[ChannelKey: Channel]>([:])

  /// `names` are those of the page.
  package init(board: PublicationBoard, names: PageSettings = PageSettings()) {
    (self.board, self.names) = (board, names)
  }

  /// A stream of the report under a rule, beginning with it as it is now unless `knownID` says that it is known. It ends at
  /// `expiry` (seconds since 1970 UTC), or once `isRevoked`. `closed` is called when it is over for whatever reason.
  package func subscribe(
    _ query: ReportQuery, _ rule: RangeRule, after knownID: String?, until expiry: Int64?,
    isRevoked: @escaping @Sendable () -> Bool = { false }, closed: @escaping @Sendable () -> Void = {}
  ) -> ResponseStream {
    let (channels, subscriber) = follow([query], rule) {
      Subscriber($0[0], knownID: knownID, expiry: expiry, isRevoked: isRevoked)
    }
    return subscriber.makeStream { [self] in
      leave(channels, subscriber)
      closed()
    }
  }

  /// A stream that tells which of these reports have changed, beginning with all of them. It ends as `subscribe`'s does.
  package func watch(
    _ queries: [ReportQuery], _ rule: RangeRule, until expiry: Int64?,
    isRevoked: @escaping @Sendable () -> Bool = { false }, closed: @escaping @Sendable () -> Void = {}
  ) -> ResponseStream {
    let (channels, watcher) = follow(queries, rule) { [board] in
      ChangeWatcher(
        $0, newestEvent: { board.read { $0.newestEvent } }, expiry: expiry, isRevoked: isRevoked)
    }
    return watcher.makeStream { [self] in
      leave(channels, watcher)
      closed()
    }
  }

  private func follow<Follower: ChannelFollower>(
    _ queries: [ReportQuery], _ rule: RangeRule, _ make: ([Channel]) -> Follower
  ) -> ([(ChannelKey, Channel)], Follower) {
    let wanted = queries.map { query in
      let key = ChannelKey(query, rule)
      // Made first, since reading the board under this lock would hold up those who publish.
      return (key, channels.withLock { $0[key] } ?? Channel(query, rule, board, names))
    }
    let (followed, follower) = channels.withLock { channels in
      let followed = wanted.map { key, made in
        let channel = channels[key] ?? made
        channels[key] = channel
        return (key, channel)
      }
      let follower = make(followed.map(\.1))
      for (_, channel) in followed { channel.insert(follower) }
      return (followed, follower)
    }
    // What was published between the two would be missed.
    for (_, channel) in followed { channel.touch() }
    return (followed, follower)
  }

  private func leave(_ followed: [(ChannelKey, Channel)], _ follower: any ChannelFollower) {
    channels.withLock { channels in
      for (key, channel) in followed where channel.remove(follower) && channels[key] === channel {
        channels[key] = nil
      }
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
