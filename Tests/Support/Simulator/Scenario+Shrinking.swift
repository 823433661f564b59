import EventLog
import ReferenceModel
import Topology

extension Scenario {
  /// A part of it that fails as well, with as few actions and events as `runs` tries can tell to be needed.
  package func shrunk(_ planted: Planted, runs: Int = 2_000) -> Scenario {
    var shrinker = Shrinker(smallest: self, planted: planted, runsLeft: runs)
    shrinker.shrink()
    return shrinker.smallest
  }
}

private struct Shrinker {
  var smallest: Scenario
  let planted: Planted
  var runsLeft: Int

  mutating func shrink() {
    var before: (Int, Int)
    repeat {
      before = (smallest.actions.count, smallest.events.count)
      leaveOut(\.actions)
      leaveOut(\.events)
      simplify()
    } while runsLeft > 0 && before != (smallest.actions.count, smallest.events.count)
  }

  /// Leaves out ever shorter pieces.
  private mutating func leaveOut<Element>(_ list: WritableKeyPath<Scenario, [Element]>) {
    var length = max(1, smallest[keyPath: list].count / 2)
    while length > 0, runsLeft > 0 {
      var start = 0
      while start < smallest[keyPath: list].count, runsLeft > 0 {
        var smaller = smallest
        let end = min(start + length, smaller[keyPath: list].count)
        smaller[keyPath: list].removeSubrange(start..<end)
        if !takeIfFailing(smaller) { start += length }
      }
      length /= 2
    }
  }

  private mutating func simplify() {
    for change: @Sendable (inout Scenario) -> Void in [
      { $0.processes = 1 }, { $0.processes -= 1 }, { $0.threads = 1 }, { $0.partitions = 1 },
      { $0.partitions -= 1 }, { $0.failingPolls = 0 }, { $0.lateProcesses = 0 }, { $0.staysAway = false },
      { $0.transactionBytes = CommitPolicy().transactionBytes },
      { $0.transactionTime = CommitPolicy().transactionTime },
      { $0.maxHeldBytes = CommitPolicy().maxHeldBytes },
      { $0.turnRecords = CommitPolicy().turnRoom.records }, { $0.upstreamDelay = 0 },
    ] {
      var simpler = smallest
      change(&simpler)
      guard simpler.processes > simpler.lateProcesses, simpler.partitions > 0 else { continue }
      _ = takeIfFailing(simpler)
    }
  }

  private mutating func takeIfFailing(_ candidate: Scenario) -> Bool {
    runsLeft -= 1
    guard candidate.run(planted).failure != nil else { return false }
    smallest = candidate
    return true
  }
}

extension Scenario: CustomStringConvertible {
  package var description: String {
    """
    \(partitions) partitions, \(processes) processes (\(lateProcesses) of them late\(staysAway ? ", and the dead stay away" : "")) of \(threads) threads a stage, \
    \(failingPolls)% of the polls fail, checkpoints every \(checkpointInterval) ms \(keepsCheckpoints ? "in the log" : "on disk") in chunks of \(checkpointChunkBytes) bytes, \
    \(transactionRecords) records, \(transactionBytes) bytes and \(transactionTime) ms a transaction at the most, \
    \(turnRecords) records of a month's turn in one, \(maxHeldBytes) bytes held, \
    commits every \(catchUpInterval) ms while behind, and the entity stage is considered behind for \(upstreamDelay) ms
    events:
    \(events.map { "  " + $0.event.line }.joined(separator: "\n"))
    actions:
    \(actions.map { "  \($0)" }.joined(separator: "\n"))
    """
  }
}
