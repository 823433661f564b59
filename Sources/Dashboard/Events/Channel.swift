import HTTPServer
import SnapshotView
import Synchronization

/// One report as it changes, for all who follow it. It keeps the newest event only: each holds the whole report, so nobody
/// misses anything but what is no longer true.
final class Channel: Sendable {
  /// A server-sent event.
  struct Event: Sendable {
    /// The entity tag of the report without its time: the same report has the same id on every server, and after a restart, and
    /// what others do that changes nothing in it makes no event.
    var id: String
    var bytes: [UInt8]
  }

  private struct State {
    var event: Event
    var isTouched = false
    var subscribers: [ObjectIdentifier: Subscriber] = [:]
  }

  let query: ReportQuery
  private let rule: RangeRule
  private let state: Mutex<State>

  init(_ query: ReportQuery, _ rule: RangeRule, _ board: PublicationBoard) {
    self.query = query
    self.rule = rule
    state = Mutex(State(event: Self.event(query, rule, board)))
  }

  var event: Event { state.withLock { $0.event } }

  func insert(_ subscriber: Subscriber) {
    state.withLock { $0.subscribers[ObjectIdentifier(subscriber)] = subscriber }
  }

  /// Returns whether there is none left.
  func remove(_ subscriber: Subscriber) -> Bool {
    state.withLock { state in
      state.subscribers[ObjectIdentifier(subscriber)] = nil
      return state.subscribers.isEmpty
    }
  }

  /// The report may have changed.
  func touch() { state.withLock { $0.isTouched = true } }

  /// Makes a new event if the report has changed, and wakes those who have something to send.
  func refresh(_ board: PublicationBoard, now: Int64) {
    let isTouched = state.withLock { state in
      defer { state.isTouched = false }
      return state.isTouched
    }
    let new = isTouched ? Self.event(query, rule, board) : nil
    let (isNew, subscribers) = state.withLock { state in
      let isNew = new.map { $0.id != state.event.id } ?? false
      if isNew, let new { state.event = new }
      return (isNew, Array(state.subscribers.values))
    }
    // Not under the lock, which the streams take when they are woken.
    for subscriber in subscribers where isNew || subscriber.isDue(now: now) { subscriber.wake() }
  }

  private static func event(_ query: ReportQuery, _ rule: RangeRule, _ board: PublicationBoard) -> Event {
    let report = board.read { PartnerReport($0, query, rule) }
    var timeless = report
    timeless.asOf = nil
    let id = EntityTag(of: timeless.json).hex
    // JSON from the writer has no line breaks.
    return Event(
      id: id, bytes: Array("id: \(id)\nevent: indicators\ndata: ".utf8) + report.json + Array("\n\n".utf8))
  }
}
