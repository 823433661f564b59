import Glibc
import HTTPServer
import Platform
import SnapshotView
import Synchronization

/// The channels that streams follow. Publications mark channels at once; new events are made at most four times a second, so a
/// burst of publications costs each stream one event.
package final class EventHub: Sendable {
  private let board: PublicationBoard
  private let names: PageSettings
  private let channels = Mutex<[ChannelKey: Channel]>([:])

  /// `names` are what the page calls partners, products and workloads.
  package init(board: PublicationBoard, names: PageSettings = PageSettings()) {
    (self.board, self.names) = (board, names)
  }

  /// A stream of a report. It begins with the current report, unless the client has it (`knownID`). It ends at `expiry` (seconds
  /// since 1970 UTC), or once `isRevoked`. `closed` is called when it ends for any reason.
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

  /// A stream that says which of several reports have changed, beginning with all of them. It ends as that of `subscribe`.
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
      // Made outside of the lock, since reading the board under it would delay publications.
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
    // Something may have been published between the creation and the insertion.
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

  /// Marks the channels that publications may change; an empty list stands for a new result as a whole.
  package func take(_ publications: [Publication]) {
    let channels = channels.withLock { Array($0.values) }
    for channel in channels
    where publications.isEmpty || publications.contains(where: channel.query.isTouched) {
      channel.touch()
    }
  }

  /// Sends changes until `stop`. Blocks.
  package func run(until stop: StopSignal) {
    while !stop.wait(for: .milliseconds(250)) { refresh(now: Int64(time(nil))) }
  }

  package func refresh(now: Int64) {
    for channel in channels.withLock({ Array($0.values) }) { channel.refresh(board, now: now) }
  }
}
