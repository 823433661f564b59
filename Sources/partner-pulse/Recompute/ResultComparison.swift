import Contract
import EventLog
import Platform
import SnapshotView
import Topology

/// Compares the results of two generations while both are being updated.
final class ResultComparison {
  private struct Side {
    let which: Comparison.Side
    let log: any EventLog
    let application: String
    let follower: SnapshotFollower
  }

  private let sides: [Side]
  private let stop: StopSignal
  private var comparison: Comparison?

  /// How long to wait for both to catch up with the inputs.
  private static let longestLag = Duration.seconds(60)
  /// How long to follow keys that keep changing before they count as different.
  private static let settlingTime = Duration.seconds(10)

  init(
    _ left: (log: any EventLog, application: String), _ right: (log: any EventLog, application: String),
    stop: StopSignal
  ) throws(LogError) {
    sides = [
      Side(
        which: .left, log: left.log, application: left.application, follower: try SnapshotFollower(left.log)),
      Side(
        which: .right, log: right.log, application: right.application,
        follower: try SnapshotFollower(right.log)),
    ]
    self.stop = stop
  }

  /// Returns the number of keys, and the keys that differ. Throws a `Failure` if one of the results is not kept up to date.
  func run() throws -> (keyCount: Int, differences: [Difference]) {
    try catchUp()
    var comparison = Comparison(sides[0].follower.view, sides[1].follower.view)
    if comparison.differences > 0 {
      self.comparison = comparison
      // Then both include the events that only one of them had before.
      try catchUp()
      let end = ContinuousClock.now + Self.settlingTime
      while self.comparison?.isDecided == false, .now < end, !stop.isStopped {
        for side in sides { _ = try poll(side) }
      }
      comparison = self.comparison ?? comparison
    }
    if stop.isStopped { throw Failure("interrupted") }
    let differences = comparison.differingKeys.map { key in
      Difference(
        key: key, left: sides[0].follower.view.value(of: key), right: sides[1].follower.view.value(of: key))
    }
    return (comparison.keyCount, differences)
  }

  /// Reads both results until each includes all input that is present now.
  private func catchUp() throws {
    let end = ContinuousClock.now + Self.longestLag
    var watches: [EndWatch?] = []
    for side in sides { watches.append(try EndWatch(side.log, application: side.application)) }
    var missing = Set(sides.indices)
    while !missing.isEmpty {
      if stop.isStopped { throw Failure("interrupted") }
      for (index, side) in sides.enumerated() {
        if .now > end, missing.contains(index) {
          throw Failure("\(side.log.generation) lags behind the input; check that a process computes it")
        }
        let isAtEnd = try poll(side)
        if var watch = watches[index] {
          let isPublished = try watch.poll().isDone
          watches[index] = isPublished ? nil : watch
          if isPublished { try side.follower.awaitEnd() }
        } else if isAtEnd {
          missing.remove(index)
        }
      }
    }
  }

  private func poll(_ side: Side) throws(LogError) -> Bool {
    try side.follower.poll(timeout: 20) { comparison?.note($0, of: side.which, side.follower.view) }
  }
}

/// A key with its value in each of two results.
struct Difference {
  var key: ResultKey
  var left: ResultValue?
  var right: ResultValue?
}

extension Console {
  /// Prints a line for each difference, and logs their number.
  func report(_ found: (keyCount: Int, differences: [Difference])) throws {
    for difference in found.differences {
      try writeLine { json in
        json.key("topic")
        json.string(difference.key.topic.name)
        json.key("key")
        json.string(difference.key.text)
        for (name, value) in [("served", difference.left), ("recomputed", difference.right)] {
          json.key(name)
          if let value { value.writeResult(to: &json) } else { json.null() }
        }
      }
    }
    try flush()
    log(.info, "\(found.differences.count) of \(counted(found.keyCount, "result")) differ")
  }
}
