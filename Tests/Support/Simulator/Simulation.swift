import Contract
import EventLog
import Randomness
import ReferenceModel
import SimulatedLog
import Topology

/// What is deliberately wrong in a simulation.
package struct Planted: Sendable {
  package var misbehavior: Misbehavior = []
  package var defects: LogDefects = []

  package init(misbehavior: Misbehavior = [], defects: LogDefects = []) {
    self.misbehavior = misbehavior
    self.defects = defects
  }

  package static let nothing = Planted()
}

/// How a simulation ended.
package struct Outcome: Sendable {
  /// What was wrong first, or nil.
  package var failure: String?
  /// Equal for equal runs.
  package var traceHash: UInt64
  /// Records that the subscribers saw.
  package var seen: Int
  /// Whether the program refused to go on without its history.
  package var isRefused: Bool
}

/// Runs the whole program on one thread: processes with both stages, their disks, the log, subscribers, and time.
final class Simulation {
  private static let model = (try? ModelCatalog(json: testCatalog)).map(ReferenceModel.init(catalog:))

  private let scenario: Scenario
  private let planted: Planted
  private let clock = VirtualClock()
  private let cluster: SimulatedCluster
  private let report: @Sendable (String) -> Void
  /// By generation, the first one first.
  private var computations: [Computation] = []
  private var zombies: [SimulatedProcess] = []
  private var written = 0
  /// What went wrong while a process stood still.
  private var interlude: Defect?
  private var mustBeRejected: Set<String> = []

  init(
    _ scenario: Scenario, _ planted: Planted, report: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    self.scenario = scenario
    self.planted = planted
    self.report = report
    cluster = SimulatedCluster(
      clock: clock, partitions: scenario.partitions, generations: scenario.recomputes ? 2 : 1)
    cluster.defects = planted.defects
    cluster.isEager = scenario.isEager
    cluster.foretellsTasks = scenario.warmsUp
    cluster.sessionTimeout = scenario.sessionTimeout
    try begin(.first)
  }

  private func begin(_ generation: Generation) throws {
    computations.append(try Computation(generation, on: cluster, scenario, planted, report: report))
  }

  func run() -> Outcome {
    var failure: String?
    do {
      for (number, action) in scenario.actions.enumerated() {
        do {
          try perform(action)
          try check()
        } catch let defect as Defect {
          throw Defect(what: "at action \(number) (\(action)): \(defect.what)")
        }
      }
      try settle()
    } catch let defect as Defect {
      failure = defect.what
    } catch {
      failure = "\(error)"
    }
    return Outcome(
      failure: failure, traceHash: cluster.trace.hash, seen: computations.reduce(0) { $0 + $1.seen },
      isRefused: computations.contains(where: \.isRefused))
  }

  /// Safety, at every step.
  private func check() throws {
    for computation in computations { try computation.check(mustBeRejected) }
    if let interlude { throw interlude }
    if let first = cluster.violations.first { throw Defect(what: first) }
  }

  // MARK: Actions

  private func perform(_ action: Action) throws {
    switch action {
    case .write(let count): write(count)
    case .step(let driver, let seed):
      var chance = SplitMix64(seed: seed)
      clock.advance(by: Int64(chance.below(15)))
      let perProcess = scenario.threads * 2
      let (computation, process) = place(of: driver / perProcess)
      try computation.step(process, driver % perProcess, chance)
    case .stepZombie(let seed): stepZombie(seed)
    case .wait(let milliseconds): clock.advance(by: milliseconds)
    case .crash(let number):
      let (computation, process) = place(of: number)
      computation.crash(process)
    case .crashLater(let process, let when): self[process]?.host.death = when
    case .stop(let number):
      let (computation, process) = place(of: number)
      computation.stop(process)
    case .start(let number):
      let (computation, process) = place(of: number)
      try computation.start(process)
    case .replace(let number):
      let (computation, process) = place(of: number)
      if let former = try computation.replace(process) { zombies.append(former) }
    case .pause(let process, let milliseconds): self[process]?.isPausedUntil = clock.now + milliseconds
    case .cutOff(let process, let milliseconds): self[process]?.host.isCutOffUntil = clock.now + milliseconds
    case .interrupt(let process, let when, let milliseconds, let seed):
      self[process]?.host.interruption = (when, { [unowned self] in interrupt(milliseconds, seed) })
    case .slow(let process, let perCall, let milliseconds, let seed):
      let end = clock.now + milliseconds
      var chance = SplitMix64(seed: seed)
      self[process]?.host.delay = { [unowned self] in
        if clock.now < end { goOn(by: perCall, steps: 1, &chance) }
      }
    case .failCommit(let process, let fault): self[process]?.host.commitFaults.append(fault)
    case .rebalance(let ranking, let seed):
      for computation in computations {
        cluster.rebalance(computation.group(of: ranking ? .ranking : .entity), seed: seed)
      }
    case .compact(let seed): for computation in computations { computation.compact(seed) }
    case .damage(let number, let fault, let seed):
      let (computation, process) = place(of: number)
      computation.damage(process, fault, seed)
    case .expire(let seed): expire(seed)
    case .lose(let topic, let loss, let seed):
      zombies = []
      try computations[Int(seed % UInt64(computations.count))].lose(topic, loss, seed: seed)
    case .recompute: if computations.count == 1 { try begin(Generation.first.next) }
    }
  }

  /// Numbers that are too large, since a scenario was made smaller or nothing is recomputed yet, are those of others.
  private func place(of number: Int) -> (Computation, process: Int) {
    (computations[number / scenario.processes % computations.count], number % scenario.processes)
  }

  private subscript(number: Int) -> SimulatedProcess? {
    let (computation, process) = place(of: number)
    return computation[process]
  }

  /// What goes on while a process stands still.
  private func interrupt(_ milliseconds: Int64, _ seed: UInt64) {
    var chance = SplitMix64(seed: seed)
    let steps = 1 + chance.below(60)
    goOn(by: milliseconds / Int64(steps) + 1, steps: steps, &chance)
  }

  /// What others do while a process stands still, or waits: `steps` times, each after so many milliseconds.
  private func goOn(by milliseconds: Int64, steps: Int, _ chance: inout SplitMix64) {
    do {
      for _ in 0..<steps {
        clock.advance(by: milliseconds)
        if chance.percent(5) { write(1 + chance.below(5)) }
        let (computation, process) = place(of: chance.below(scenario.processes * computations.count))
        try computation.step(
          process, chance.below(scenario.threads * 2), SplitMix64(seed: chance.next()))
        try check()
      }
    } catch {
      interlude = error as? Defect ?? Defect(what: "\(error)")
    }
  }

  /// One that was replaced is fenced sooner or later; that it may then want to join anew is of no interest.
  private func stepZombie(_ seed: UInt64) {
    var chance = SplitMix64(seed: seed)
    guard !zombies.isEmpty else { return }
    let index = chance.below(zombies.count)
    let zombie = zombies[index]
    guard !zombie.host.isInterrupted else { return }
    zombie.host.chance = chance
    do throws(LogError) {
      try zombie.drivers[chance.below(zombie.drivers.count)].step()
    } catch {
      zombie.host.kill()
    }
    if zombie.host.isDead || chance.percent(10) { zombies.remove(at: index) }
  }

  private func write(_ count: Int) {
    for logged in scenario.events[written...].prefix(count) {
      let place = TopicPartition(
        logged.event.topic, partition(ofKey: logged.event.key, count: scenario.partitions))
      let offset = cluster.append(
        place, key: Array(logged.event.key.utf8), value: logged.payload, timestamp: logged.timestamp)
      if !logged.refusals(currency: "EUR").isEmpty {
        mustBeRejected.insert("\(place.topic.name) \(place.partition) \(offset)")
      }
      written += 1
    }
  }

  private func expire(_ seed: UInt64) {
    var chance = SplitMix64(seed: seed)
    let place = TopicPartition(
      Topic.inputs[chance.below(Topic.inputs.count)], Int32(chance.below(Int(scenario.partitions))))
    cluster.deleteRecords(of: place, before: Int64(chance.below(Int(cluster.end(of: place)) + 1)))
  }

  // MARK: Liveness, at the end

  /// Faults stop; after some time everything must be published.
  private func settle() throws {
    write(.max)
    zombies = []
    for computation in computations { try computation.settle() }
    guard let model = Self.model else { throw Defect(what: "the test catalog is not readable") }
    let expected = model.publication(of: scenario.events)
    var chance = SplitMix64(seed: 1)
    // A step writes one transaction or a part of a turn, and all may have to be published twice.
    let transactions =
      2 * (expected.snapshots.count + expected.scales.count)
      / min(scenario.transactionRecords, scenario.turnRecords)
    for round in 0..<2_000 + 2 * transactions {
      for computation in computations where !computation.isDone { try computation.stepAll(&chance) }
      clock.advance(by: 50)
      try check()
      if round % 8 == 0 {
        for computation in computations where !computation.isDone && !computation.isGivenUp {
          try computation.look(for: expected, mustBeRejected)
        }
      }
      if computations.allSatisfy({ $0.isDone || $0.isGivenUp }) { return }
    }
    throw Defect(what: "it does not come to an end: \(computations.map(\.backlog))")
  }
}

extension Scenario {
  /// Runs it once.
  package func run(
    _ planted: Planted = .nothing, report: @escaping @Sendable (String) -> Void = { _ in }
  ) -> Outcome {
    do {
      return try Simulation(self, planted, report: report).run()
    } catch {
      return Outcome(failure: "\(error)", traceHash: 0, seen: 0, isRefused: false)
    }
  }
}
