import Contract

/// Replays the events of one owner in the order of their arrival: `book` is what was known at the time reached.
struct OwnerReplay {
  private let events: CircleEvents
  private let owner: CircleEvents.Owner
  /// In the order of arrival.
  private let entries: [CircleEvents.Entry]
  private var next = 0
  private(set) var book: FactBook
  /// The last offset that was applied, by topic: all of an owner's records of a topic are in one partition.
  private var offsets: [Topic: Int64] = [:]

  init(_ events: CircleEvents, _ owner: CircleEvents.Owner, _ entries: [CircleEvents.Entry]) {
    (self.events, self.owner) = (events, owner)
    self.entries = entries.sorted { left, right in
      let (mine, its) = (left.timestamp ?? .min, right.timestamp ?? .min)
      return mine == its ? left.precedes(right) : mine < its
    }
    book = events.emptyBook(of: owner)
  }

  /// Whether there are events to replay that arrived before `end`.
  func hasMore(before end: Int64) -> Bool { next < entries.count && entries[next].arrived(before: end) }

  /// Replays the events that arrived before `end`. O(events); O(all events so far) if one of them has a lower offset than an
  /// earlier arrival, since of equal revisions the last one in the log counts, whenever it arrived.
  mutating func advance(before end: Int64) {
    let start = next
    var isInOrder = true
    while hasMore(before: end) {
      let entry = entries[next]
      if let last = offsets[entry.topic], entry.offset < last { isInOrder = false }
      offsets[entry.topic] = max(offsets[entry.topic] ?? entry.offset, entry.offset)
      next += 1
    }
    if isInOrder {
      events.apply(entries[start..<next], to: &book)
    } else {
      book = events.emptyBook(of: owner)
      events.apply(entries[..<next].sorted { $0.precedes($1) }, to: &book)
    }
  }
}

extension CircleEvents.Entry {
  func arrived(before end: Int64) -> Bool { (timestamp ?? .min) < end }

  /// Whether it comes first in the log.
  fileprivate func precedes(_ other: Self) -> Bool {
    topic == other.topic ? offset < other.offset : topic.rawValue < other.topic.rawValue
  }
}
