import Contract
import EventLog
import Randomness
import ReferenceModel
import SimulatedLog
import Topology

/// All that a simulation depends on.
package struct Scenario: Sendable {
  var partitions: Int32
  var processes: Int
  var threads: Int
  var catchUpInterval: Int64
  var failingPolls: Int
  var isEager: Bool
  var sessionTimeout: Int64
  var checkpointInterval: Int64
  /// Whether checkpoints are in the log, and how large their chunks are.
  var keepsCheckpoints = true
  var checkpointChunkBytes = 1_000
  /// What one transaction holds at the most, and how long it is to take.
  var transactionRecords: Int
  var transactionBytes = CommitPolicy().transactionBytes
  var transactionTime = CommitPolicy().transactionTime
  var maxHeldBytes = CommitPolicy().maxHeldBytes
  /// What one holds of a month's turn.
  var turnRecords = CommitPolicy().turnRoom.records
  /// Whether members restore tasks before they join.
  package var warmsUp = false
  /// For how many milliseconds processes consider the entity stage behind.
  var upstreamDelay: Int64 = 0
  /// Processes that are not started at first.
  var lateProcesses = 0
  /// Processes that do not run when faults end stay away, unless none runs.
  var staysAway = false
  package var events: [LoggedEvent]
  package var actions: [Action]

  /// The scenario of a seed.
  package init(seed: UInt64) {
    var chance = SplitMix64(seed: seed &* 0x2545_f491_4f6c_dd1d)
    partitions = Int32(chance.percent(25) ? 4 + chance.below(3) : 1 + chance.below(3))
    processes = 1 + chance.below(3)
    threads = chance.percent(20) ? 2 : 1
    catchUpInterval = [100, 1_000, 5_000][chance.below(3)]
    checkpointInterval = [0, 200, 2_000][chance.below(3)]
    // Drawn apart, so that a seed means what it meant before.
    var apart = SplitMix64(seed: ~seed)
    keepsCheckpoints = apart.percent(60)
    checkpointChunkBytes = [100, 1_000, 100_000][apart.below(3)]
    if apart.percent(50) { turnRecords = [1, 3, 10][apart.below(3)] }
    let losesCheckpoints = keepsCheckpoints && apart.percent(15)
    warmsUp = keepsCheckpoints && apart.percent(70)
    if apart.percent(30) { upstreamDelay = [500, 5_000][apart.below(2)] }
    sessionTimeout = [500, 3_000][chance.below(2)]
    isEager = chance.percent(30)
    failingPolls = chance.below(2)
    transactionRecords = chance.percent(50) ? 100_000 : [1, 3, 10][chance.below(3)]
    // So little that commits fall in the middle of what a poll hands out, and that it cannot be written while others fail.
    let holdsLittle = chance.percent(33)
    if holdsLittle { maxHeldBytes = [60, 300][chance.below(2)] }
    if chance.percent(20) { transactionBytes = 2_000 }
    if chance.percent(30) { transactionTime = 100 }
    let turns = chance.percent(20) ? 1 + chance.below(3) : 0
    // A turn writes everything anew.
    if turns > 0, chance.percent(50) { transactionRecords = [1, 3, 10][chance.below(3)] }
    events = SimulatedEvents.make(
      seed: seed, turns: turns, undecodable: holdsLittle ? 15 : 4, &chance)
    let length = 400 + chance.below(1_600)
    let recomputes = chance.percent(10)
    let mix = ActionMix(
      &chance, threads: threads, processes: processes * (recomputes ? 2 : 1),
      writes: 12 * events.count / length, losesCheckpoints: losesCheckpoints)
    actions = (0..<length).map { _ in mix.next(&chance) }
    if recomputes { actions.insert(.recompute, at: length / 8 + chance.below(length / 2)) }
    if processes > 1, chance.percent(20) { comeLate(1 + chance.below(processes - 1), &chance) }
    staysAway = chance.percent(30)
  }

  /// Lets the last processes start some time after the others.
  private mutating func comeLate(_ count: Int, _ chance: inout SplitMix64) {
    lateProcesses = count
    for process in processes - count..<processes {
      let arrival = chance.below(actions.count)
      for index in 0..<arrival {
        switch actions[index] {
        case .start(let other) where other == process, .replace(let other) where other == process:
          actions[index] = .wait(1)
        default: break
        }
      }
      actions.insert(.start(process: process), at: arrival)
    }
  }

  /// Processes that work well and write no checkpoint, but for what the actions do to them.
  package init(
    partitions: Int32, processes: Int = 1, sessionTimeout: Int64 = 3_000, events: [LoggedEvent],
    actions: [Action]
  ) {
    self.partitions = partitions
    self.processes = processes
    self.sessionTimeout = sessionTimeout
    threads = 1
    catchUpInterval = 100
    failingPolls = 0
    isEager = false
    checkpointInterval = 1_000_000
    transactionRecords = 100_000
    self.events = events
    self.actions = actions
  }

  var options: AggregatorOptions {
    var options = AggregatorOptions()
    options.application = Computation.application
    options.threads = threads
    options.checkpointInterval = checkpointInterval
    options.checkpointChunkBytes = checkpointChunkBytes
    options.checkpointBytesPerSecond = 1_000_000
    options.policy.catchUpInterval = catchUpInterval
    options.policy.firstCatchUpInterval = catchUpInterval
    options.policy.transactionRecords = transactionRecords
    options.policy.transactionBytes = transactionBytes
    options.policy.turnRoom.records = turnRecords
    options.policy.transactionTime = transactionTime
    options.policy.firstPause = 100
    options.policy.longestPause = 2_000
    options.policy.maxHeldBytes = maxHeldBytes
    return options
  }

  /// The codes of errors with which the program may refuse to go on, by what the log loses.
  var allowedRefusals: Set<String> {
    var codes: Set<String> = []
    for action in actions {
      switch action {
      case .expire: codes.formUnion(["HISTORY_MISSING", "OFFSET_OUT_OF_RANGE"])
      // These can be published again.
      case .lose(.indicatorSnapshots, _, _), .lose(.indicatorScales, _, _): break
      // These only save time.
      case .lose(.taskCheckpoints, _, _): break
      case .lose: codes.formUnion(["HISTORY_MISSING", "OFFSET_OUT_OF_RANGE", "OUTPUT_LOST"])
      default: break
      }
    }
    return codes
  }

  /// Whether there is a second generation.
  var recomputes: Bool { actions.contains { if case .recompute = $0 { true } else { false } } }
}

private func countdown(_ chance: inout SplitMix64) -> Countdown {
  Countdown(calls: 1 + chance.below(20), onlyInCommits: chance.percent(50))
}

private func loss(_ chance: inout SplitMix64) -> OutputLoss { chance.percent(30) ? .beginning : .everything }

/// How often each action comes; a seed has its own mix, so that some have few faults and some many of one kind.
private struct ActionMix {
  private let drivers: Int
  private let processes: Int
  private let writes: Int
  private var faults: [(weight: Int, make: @Sendable (inout SplitMix64) -> Action)] = []
  private let total: Int
  /// Out of a hundred actions.
  private let faultPercent: Int

  init(
    _ chance: inout SplitMix64, threads: Int, processes: Int, writes: Int, losesCheckpoints: Bool
  ) {
    drivers = processes * threads * 2
    self.processes = processes
    self.writes = max(1, writes)
    faultPercent = [3, 8, 15][chance.below(3)]
    let kinds: [@Sendable (inout SplitMix64) -> Action] = [
      { .crash(process: $0.below(processes)) },
      { .crashLater(process: $0.below(processes), countdown(&$0)) },
      { .stop(process: $0.below(processes)) },
      { .replace(process: $0.below(processes)) },
      { .pause(process: $0.below(processes), 500 + Int64($0.below(8_000))) },
      { .cutOff(process: $0.below(processes), 100 + Int64($0.below(6_000))) },
      {
        .interrupt(
          process: $0.below(processes), countdown(&$0), Int64($0.below(8_000)), seed: $0.next())
      },
      {
        .slow(
          process: $0.below(processes), perCall: [2, 10, 100][$0.below(3)], 500 + Int64($0.below(8_000)),
          seed: $0.next())
      },
      { chance in
        let faults = CommitFault.allCases
        return .failCommit(process: chance.below(processes), faults[chance.below(faults.count)])
      },
      { .rebalance(ranking: $0.percent(50), seed: $0.next()) },
      { .compact(seed: $0.next()) },
      { chance in
        let faults = DiskFault.allCases
        return .damage(
          process: chance.below(processes), faults[chance.below(faults.count)], seed: chance.next())
      },
    ]
    for make in kinds { faults.append((chance.percent(30) ? 0 : 1 + chance.below(4), make)) }
    // A log that forgets ends in a refusal mostly, which leaves little to be seen of anything else.
    if chance.percent(8) { faults.append((1, { .expire(seed: $0.next()) })) }
    // Everything starts anew each time.
    if chance.percent(15) {
      faults.append(
        (1, { .lose($0.percent(50) ? .indicatorSnapshots : .indicatorScales, loss(&$0), seed: $0.next()) }))
    }
    if losesCheckpoints {
      faults.append((1, { .lose(.taskCheckpoints, loss(&$0), seed: $0.next()) }))
    }
    // What cannot be published again ends in a refusal.
    if chance.percent(4) {
      faults.append(
        (
          1,
          { chance in
            chance.percent(50)
              ? .lose(.partnerPartials, loss(&chance), seed: chance.next())
              : .lose(.rejectedEvents, .everything, seed: chance.next())
          }
        ))
    }
    total = faults.reduce(0) { $0 + $1.weight }
  }

  func next(_ chance: inout SplitMix64) -> Action {
    if total > 0, chance.percent(faultPercent) {
      var number = chance.below(total)
      for fault in faults {
        if number < fault.weight { return fault.make(&chance) }
        number -= fault.weight
      }
    }
    switch chance.below(100) {
    case 0..<8: return .write(1 + chance.below(writes * 2))
    case 8..<12: return .wait(100 + Int64(chance.below(1_500)))
    case 12..<17: return .start(process: chance.below(processes))
    case 17..<21: return .stepZombie(seed: chance.next())
    default: return .step(driver: chance.below(drivers), seed: chance.next())
    }
  }
}
