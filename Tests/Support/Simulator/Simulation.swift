import Contract
import EventLog
import Foundation
import Indicators
import Randomness
import ReferenceModel
import SimulatedLog
import Topology

/// What is deliberately wrong in a simulation.
package struct Planted: Sendable {
  package var misbehavior: Misbehavior = []
  package var defects: LogDefects = []
  package var ignoresChecksums = false

  package static let nothing = Planted()
}

/// How a simulation ended.
package struct Outcome: Sendable {
  /// What was wrong first, or nil.
  package var failure: String?
  /// Equal for equal runs.
  package var traceHash: UInt64
  /// Records that the subscriber saw.
  package var seen: Int
  /// Whether the program refused to go on without its history.
  package var isRefused: Bool
}

/// Runs the whole program on one thread: processes with both stages, their disks, the log, a subscriber, and time.
final class Simulation {
  static let application = "sim"
  private static let catalog = try? Catalog(json: testCatalog)
  private static let model = (try? ModelCatalog(json: testCatalog)).map(ReferenceModel.init(catalog:))

  private let scenario: Scenario
  private let planted: Planted
  private let clock = VirtualClock()
  private let cluster: SimulatedCluster
  private let subscriber: Subscriber
  private let report: @Sendable (String) -> Void
  private var disks: [SimulatedDisk] = []
  /// Nil for one that does not run.
  private var processes: [SimulatedProcess?] = []
  /// Refused to go on.
  private var refused: Set<Int> = []
  private var zombies: [SimulatedProcess] = []
  private var written = 0
  private var isSettling = false
  /// What went wrong while a process stood still.
  private var interlude: Defect?
  private var mustBeRejected: Set<String> = []

  struct Defect: Error { var what: String }

  init(
    _ scenario: Scenario, _ planted: Planted, report: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    self.scenario = scenario
    self.planted = planted
    self.report = report
    cluster = SimulatedCluster(clock: clock, partitions: scenario.partitions)
    cluster.defects = planted.defects
    cluster.isEager = scenario.isEager
    cluster.sessionTimeout = scenario.sessionTimeout
    subscriber = try Subscriber(cluster)
    for number in 0..<scenario.processes {
      disks.append(SimulatedDisk(ignoresChecksums: planted.ignoresChecksums))
      processes.append(nil)
      try start(number)
    }
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
      failure: failure, traceHash: cluster.trace.hash, seen: subscriber.seen, isRefused: !refused.isEmpty)
  }

  // MARK: Safety, at every step

  private func check() throws {
    try subscriber.poll()
    for place in subscriber.rejected where !mustBeRejected.contains(place) {
      throw Defect(what: "the event \(place) was refused, and is none to refuse")
    }
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
      try step(driver / perProcess % scenario.processes, driver % perProcess, chance)
    case .stepZombie(let seed): stepZombie(seed)
    case .wait(let milliseconds): clock.advance(by: milliseconds)
    case .crash(let process): crash(process)
    case .crashLater(let process, let when): self[process]?.host.death = when
    case .stop(let process):
      self[process]?.stop()
      self[process] = nil
    case .start(let process): if self[process] == nil { try start(process) }
    case .replace(let process):
      if let former = self[process] { zombies.append(former) }
      self[process] = nil
      try start(process)
    case .pause(let process, let milliseconds): self[process]?.isPausedUntil = clock.now + milliseconds
    case .cutOff(let process, let milliseconds): self[process]?.host.isCutOffUntil = clock.now + milliseconds
    case .interrupt(let process, let when, let milliseconds, let seed):
      self[process]?.host.interruption = (when, { [unowned self] in interlude(of: milliseconds, seed) })
    case .failCommit(let process, let fault): self[process]?.host.commitFaults.append(fault)
    case .rebalance(let ranking, let seed):
      cluster.rebalance(group(of: ranking ? .ranking : .entity), seed: seed)
    case .compact(let seed): compact(seed)
    case .damage(let process, let fault, let seed):
      disks[process % disks.count].damage(fault, now: clock.now, seed: seed)
    case .expire(let seed): expire(seed)
    }
  }

  private subscript(process: Int) -> SimulatedProcess? {
    get { processes[process % processes.count] }
    set { processes[process % processes.count] = newValue }
  }

  private func start(_ process: Int) throws {
    let number = process % processes.count
    guard !refused.contains(number) else { return }
    guard let catalog = Self.catalog else { throw Defect(what: "the test catalogue is not readable") }
    processes[number] = try SimulatedProcess(
      named: "p\(number)", on: cluster, disks[number], catalog: catalog, options: scenario.options,
      misbehavior: planted.misbehavior, report: { [report] in report("p\(number): \($1)") })
    processes[number]?.host.failingPolls = isSettling ? 0 : scenario.failingPolls
  }

  private func crash(_ process: Int) {
    self[process]?.host.kill()
    self[process] = nil
  }

  private func step(_ process: Int, _ driver: Int, _ chance: SplitMix64) throws {
    guard let running = processes[process], clock.now >= running.isPausedUntil,
      !running.host.isInterrupted
    else { return }
    running.host.chance = chance
    do throws(LogError) {
      try running.drivers[driver].step()
    } catch  where running.host.isDead {
      // What a dead process thinks of its end is of no interest.
    } catch {
      report("p\(process): \(error)")
      guard scenario.losesHistory, ["HISTORY_MISSING", "OFFSET_OUT_OF_RANGE"].contains(error.code) else {
        throw Defect(what: "process \(process) refuses to go on: \(error)")
      }
      // One driver that gives up ends the process.
      running.stop()
      refused.insert(process)
      processes[process] = nil
      return
    }
    if running.host.isDead { processes[process] = nil }
  }

  /// What goes on while a process stands still.
  private func interlude(of milliseconds: Int64, _ seed: UInt64) {
    var chance = SplitMix64(seed: seed)
    let steps = 1 + chance.below(60)
    do {
      for _ in 0..<steps {
        clock.advance(by: milliseconds / Int64(steps) + 1)
        if chance.percent(5) { write(1 + chance.below(5)) }
        try step(
          chance.below(scenario.processes), chance.below(scenario.threads * 2),
          SplitMix64(seed: chance.next()))
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

  private func compact(_ seed: UInt64) {
    for topic in [Topic.partnerPartials, .indicatorSnapshots, .indicatorScales] {
      for number in 0..<scenario.partitions {
        cluster.compact(
          TopicPartition(topic, number), readBy: group(of: .ranking), seed: seed &+ UInt64(number))
      }
    }
  }

  private func expire(_ seed: UInt64) {
    var chance = SplitMix64(seed: seed)
    let place = TopicPartition(
      Topic.inputs[chance.below(Topic.inputs.count)], Int32(chance.below(Int(scenario.partitions))))
    cluster.deleteRecords(of: place, before: Int64(chance.below(Int(cluster.end(of: place)) + 1)))
  }

  private func group(of stage: Stage) -> String { stage.group(of: Self.application) }

  // MARK: Liveness, at the end

  /// Faults stop; after some time everything must be published.
  private func settle() throws {
    isSettling = true
    write(.max)
    zombies = []
    for number in processes.indices {
      processes[number]?.host.commitFaults = []
      processes[number]?.host.death = nil
      processes[number]?.host.failingPolls = 0
      processes[number]?.host.interruption = nil
      processes[number]?.host.isCutOffUntil = .min
      processes[number]?.isPausedUntil = .min
      disks[number].isFullUntil = .min
      if processes[number] == nil { try start(number) }
    }
    var chance = SplitMix64(seed: 1)
    var watch: EndWatch?
    for round in 0..<2_000 {
      for process in processes.indices {
        for driver in 0..<scenario.threads * 2 { try step(process, driver, SplitMix64(seed: chance.next())) }
      }
      clock.advance(by: 50)
      try check()
      guard refused.count < processes.count else { return }
      // Whether all is published is for the program to say, and what it says must hold.
      guard round % 8 == 0 else { continue }
      if watch == nil {
        watch = try EndWatch(SimulatedLog(cluster, on: Host()), application: Self.application)
      }
      if try watch?.look().isDone == true { return try checkResult() }
    }
    throw Defect(what: "it does not come to an end: \(backlog())")
  }

  private func behind(_ stage: Stage) -> [TopicPartition] {
    let committed = cluster.committed(of: group(of: stage)).positions
    return stage.inputs.flatMap { topic in
      (0..<scenario.partitions).map { TopicPartition(topic, $0) }
    }.filter { committed[$0] ?? 0 != cluster.end(of: $0) }
  }

  private func backlog() -> String {
    Stage.all.flatMap { stage in
      behind(stage).map { cluster.standing(of: group(of: stage), in: $0) }
    }.joined(separator: "; ")
  }

  private func checkResult() throws {
    for stage in Stage.all where !behind(stage).isEmpty {
      throw Defect(what: "all is said to be published, but \(backlog())")
    }
    try check()
    guard let model = Self.model else { throw Defect(what: "the test catalogue is not readable") }
    let expected = model.publication(of: scenario.events)
    let differences = subscriber.published.differences(from: expected)
    guard differences.isEmpty else {
      throw Defect(what: "in the end: \(differences.joined(separator: "; "))")
    }
    if subscriber.rejected != mustBeRejected {
      throw Defect(
        what:
          "refused events that were never reported: \(mustBeRejected.subtracting(subscriber.rejected).sorted())"
      )
    }
    // One that comes late sees the same.
    let late = try Subscriber(cluster)
    try late.poll()
    let lateDifferences = late.published.differences(from: expected)
    guard lateDifferences.isEmpty else {
      throw Defect(what: "for a late subscriber: \(lateDifferences.joined(separator: "; "))")
    }
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
