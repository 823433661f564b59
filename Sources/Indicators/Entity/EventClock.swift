import Contract

/// The newest event time so far, and the current month that follows from it. The wall clock is not involved.
package struct EventClock: Sendable, Equatable {
  /// Nil until the first event.
  package private(set) var newest: Timestamp?
  /// The month of `newest`.
  package private(set) var currentMonth = Month.distantPast

  package init() {}

  /// Advances the clock to an event time; returns whether it is the newest.
  @inline(__always)
  mutating func advance(to time: Timestamp) -> Bool {
    if let newest, time <= newest { return false }
    newest = time
    currentMonth = Month(containing: time)
    return true
  }

  /// Advances the clock to an event time of `month`, unless a new month begins with it; returns whether none does.
  @inline(__always)
  mutating func advance(to time: Timestamp, within month: Month) -> Bool {
    guard month <= currentMonth else { return false }
    if let newest, time > newest { self.newest = time }
    return true
  }

  /// The oldest month whose facts matter.
  var oldestMonth: Month { currentMonth - ReportingWindow.lookBack }
}

extension EventClock {
  func write(to writer: inout StateWriter) {
    writer.write(newest != nil)
    writer.write(newest?.seconds ?? 0)
    writer.write(newest?.nanos ?? 0)
  }

  init(from reader: inout StateReader) throws(DamagedState) {
    self.init()
    let isSet = try reader.readBool()
    let time = Timestamp(seconds: try reader.read(), nanos: try reader.read())
    guard isSet else { return }
    guard time.isValid else { throw DamagedState() }
    _ = advance(to: time)
  }
}
