import HTTPServer
import SnapshotView
import Synchronization

/// One report as it changes, for all streams that follow it. It keeps only the newest event: each contains the whole report, so a
/// slow client misses nothing but outdated states.
final class Channel: Sendable {
  /// A server-sent event.
  struct Event: Sendable {
    var id: String
    var bytes: [UInt8]
  }

  private struct State {
    var event: Event
    var isTouched = false
    var followers: [ObjectIdentifier: any ChannelFollower] = [:]
  }

  let query: ReportQuery
  private let rule: RangeRule
  private let names: PageSettings
  private let state: Mutex<State>

  init(_ query: ReportQuery, _ rule: RangeRule, _ board: PublicationBoard, _ names: PageSettings) {
    self.query = query
    (self.rule, self.names) = (rule, names)
    state = Mutex(State(event: Self.event(query, rule, board, names)))
  }

  var event: Event { state.withLock { $0.event } }

  func insert(_ follower: any ChannelFollower) {
    state.withLock { $0.followers[ObjectIdentifier(follower)] = follower }
  }

  /// Returns whether no follower is left.
  func remove(_ follower: any ChannelFollower) -> Bool {
    state.withLock { state in
      state.followers[ObjectIdentifier(follower)] = nil
      return state.followers.isEmpty
    }
  }

  /// Notes that the report may have changed.
  func touch() { state.withLock { $0.isTouched = true } }

  /// Makes a new event if the report has changed, and wakes the followers that have something to send.
  func refresh(_ board: PublicationBoard, now: Int64) {
    let isTouched = state.withLock { state in
      defer { state.isTouched = false }
      return state.isTouched
    }
    let new = isTouched ? Self.event(query, rule, board, names) : nil
    let (isNew, followers) = state.withLock { state in
      let isNew = new.map { $0.id != state.event.id } ?? false
      if isNew, let new { state.event = new }
      return (isNew, Array(state.followers.values))
    }
    // Outside of the lock, which streams take when they are woken.
    for follower in followers where isNew || follower.isDue(now: now) { follower.wake() }
  }

  private static func event(
    _ query: ReportQuery, _ rule: RangeRule, _ board: PublicationBoard, _ names: PageSettings
  ) -> Event {
    let report = board.read { PartnerReport($0, query, rule) }
    let id = report.eventID
    // JSON from the writer has no line breaks.
    return Event(
      id: id,
      bytes: Array("id: \(id)\nevent: indicators\ndata: ".utf8) + report.json(names) + Array("\n\n".utf8))
  }
}

extension PartnerReport {
  /// A hash of the report without its time and names. The same report has the same id on every server and after a restart, and
  /// other partners' events that do not change it make no event.
  var eventID: String {
    var timeless = self
    timeless.asOf = nil
    return EntityTag(of: timeless.json(nil)).hex
  }
}

/// A stream that a channel wakes when its report has changed.
protocol ChannelFollower: AnyObject, Sendable {
  /// Whether it has something to send even without a change: a heartbeat, or its end.
  func isDue(now: Int64) -> Bool
  func wake()
}
