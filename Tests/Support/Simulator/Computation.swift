import Contract
import EventLog
import Foundation
import Indicators
import Randomness
import ReferenceModel
import SimulatedLog
import Topology

/// One generation's result: the processes that compute it, their disks, and who follows what they publish.
final class Computation {
  static let application = "sim"
  static let catalog = try? Catalog(json: testCatalog)

  let generation: Generation
  private let cluster: SimulatedCluster
  private let scenario: Scenario
  private let planted: Planted
  private let report: @Sendable (String) -> Void
  private(set) var subscriber: Subscriber
  /// Records that subscribers before this one saw.
  private var seenBefore = 0
  private var disks: [SimulatedDisk] = []
  /// Nil for one that does not run.
  private var processes: [SimulatedProcess?] = []
  /// Refused to go on.
  private var refused: Set<Int> = []
  private var isSettling = false
  private var steps = 0
  private var watch: EndWatch?
  /// All is published, and is what it must be.
  private(set) var isDone = false

  init(
    _ generation: Generation, on cluster: SimulatedCluster, _ scenario: Scenario, _ planted: Planted,
    report: @escaping @Sendable (String) -> Void
  ) throws {
    self.generation = generation
    self.cluster = cluster
    self.scenario = scenario
    self.planted = planted
    self.report = report
    subscriber = try Subscriber(cluster, generation)
    for number in 0..<scenario.processes {
      disks.append(SimulatedDisk())
      processes.append(nil)
      if number < scenario.processes - scenario.lateProcesses { try start(number) }
    }
  }

  var seen: Int { seenBefore + subscriber.seen }

  /// Whether any of its processes refused to go on, and whether none is left.
  var isRefused: Bool { !refused.isEmpty }
  var isGivenUp: Bool { isRefused && processes.allSatisfy { $0 == nil } }

  func group(of stage: Stage) -> String { stage.group(of: Self.application, in: generation) }

  private func name(_ process: Int) -> String { "p\(process)\(generation.suffix)" }

  // MARK: Processes

  subscript(process: Int) -> SimulatedProcess? { processes[process] }

  func start(_ number: Int) throws {
    guard processes[number] == nil, !refused.contains(number) else { return }
    guard let catalog = Self.catalog else { throw Defect(what: "the test catalog is not readable") }
    let name = name(number)
    processes[number] = try SimulatedProcess(
      named: name, on: cluster, generation, disks[number], catalog: catalog, options: scenario.options,
      keepsCheckpoints: scenario.keepsCheckpoints, upstreamDelay: scenario.upstreamDelay,
      misbehavior: planted.misbehavior,
      report: { [report] in report("\(name): \($1)") })
    processes[number]?.host.failingPolls = isSettling ? 0 : scenario.failingPolls
  }

  func crash(_ process: Int) {
    processes[process]?.host.kill()
    processes[process] = nil
  }

  func stop(_ process: Int) {
    processes[process]?.stop()
    processes[process] = nil
  }

  /// Starts a process anew; returns its former self, which lives on.
  func replace(_ process: Int) throws -> SimulatedProcess? {
    let former = processes[process]
    processes[process] = nil
    try start(process)
    return former
  }

  func damage(_ process: Int, _ fault: DiskFault, _ seed: UInt64) {
    disks[process].damage(fault, now: cluster.clock.now, seed: seed)
  }

  func step(_ process: Int, _ driver: Int, _ chance: SplitMix64) throws {
    guard let running = processes[process], cluster.clock.now >= running.isPausedUntil,
      !running.host.isInterrupted
    else { return }
    running.host.chance = chance
    do throws(LogError) {
      try running.drivers[driver].step()
    } catch  where running.host.isDead {
      // What a dead process thinks of its end is of no interest.
    } catch {
      report("\(name(process)): \(error)")
      guard scenario.allowedRefusals.contains(error.code) else {
        throw Defect(what: "process \(name(process)) refuses to go on: \(error)")
      }
      // One driver that gives up ends the process.
      running.stop()
      refused.insert(process)
      processes[process] = nil
      return
    }
    if running.host.isDead { processes[process] = nil }
    steps += 1
    // It takes as long as some fifty steps.
    if steps.isMultiple(of: Self.stepsBetweenChecks) { try checkInvariants() }
  }

  private static let stepsBetweenChecks = 100

  private func checkInvariants() throws {
    for process in processes {
      do {
        try process?.checkInvariants()
      } catch {
        throw Defect(what: "a state is broken: \(error)")
      }
    }
  }

  // MARK: The log

  func compact(_ seed: UInt64) {
    for topic in Topic.ofGeneration where topic.isCompacted {
      for number in 0..<scenario.partitions {
        cluster.compact(
          TopicPartition(topic, number), in: generation, readBy: group(of: .ranking),
          seed: seed &+ UInt64(number))
      }
    }
  }

  /// Ends all processes, some of them in good order, and takes away what is in a topic, or its beginning.
  func lose(_ topic: Topic, _ loss: OutputLoss, seed: UInt64) throws {
    var chance = SplitMix64(seed: seed)
    for process in processes.indices {
      if chance.percent(50) { stop(process) } else { crash(process) }
    }
    switch loss {
    case .everything: cluster.recreate(topic, in: generation)
    case .beginning:
      for number in 0..<scenario.partitions where chance.percent(60) {
        let partition = TopicPartition(topic, number)
        let offset = Int64(chance.below(Int(cluster.end(of: partition, in: generation)) + 1))
        cluster.deleteRecords(of: partition, in: generation, before: offset)
      }
    }
    // A reader's positions mean nothing in a new topic.
    seenBefore += subscriber.seen
    subscriber = try Subscriber(cluster, generation)
  }

  // MARK: Safety, at every step

  func check(_ mustBeRejected: Set<String>) throws {
    try subscriber.poll()
    for place in subscriber.rejected where !mustBeRejected.contains(place) {
      throw Defect(what: "the event \(place) was refused, and is none to refuse")
    }
  }

  // MARK: Liveness, at the end

  /// Ends all faults, and starts what does not run, unless that is to stay away.
  func settle() throws {
    isSettling = true
    let staysAway = scenario.staysAway && processes.contains { $0?.host.isDead == false }
    for number in processes.indices {
      disks[number].isFullUntil = .min
      guard let process = processes[number] else {
        if !staysAway { try start(number) }
        continue
      }
      process.isPausedUntil = .min
      process.host.commitFaults = []
      process.host.death = nil
      process.host.failingPolls = 0
      process.host.interruption = nil
      process.host.delay = nil
      process.host.isCutOffUntil = .min
    }
  }

  /// Each driver does one step.
  func stepAll(_ chance: inout SplitMix64) throws {
    for process in processes.indices {
      for driver in 0..<scenario.threads * 2 { try step(process, driver, SplitMix64(seed: chance.next())) }
    }
  }

  /// Whether all is published is for the program to say, and what it says must hold.
  func look(for expected: Publication, _ mustBeRejected: Set<String>) throws {
    if watch == nil {
      watch = try EndWatch(SimulatedLog(cluster, on: Host(), generation), application: Self.application)
    }
    guard try watch?.poll().isDone == true else { return }
    try checkResult(expected, mustBeRejected)
    try checkInvariants()
    isDone = true
  }

  private func behind(_ stage: Stage) -> [TopicPartition] {
    let committed = cluster.committed(of: group(of: stage)).positions
    return stage.inputs.flatMap { topic in
      (0..<scenario.partitions).map { TopicPartition(topic, $0) }
    }.filter { committed[$0] ?? 0 != cluster.end(of: $0, in: generation) }
  }

  var backlog: String {
    Stage.all.flatMap { stage in
      behind(stage).map { cluster.standing(of: group(of: stage), in: $0, generation) }
    }.joined(separator: "; ")
  }

  private func checkResult(_ expected: Publication, _ mustBeRejected: Set<String>) throws {
    for stage in Stage.all where !behind(stage).isEmpty {
      throw Defect(what: "all is said to be published, but \(backlog)")
    }
    try check(mustBeRejected)
    let differences = subscriber.published.differences(from: expected)
    guard differences.isEmpty else {
      throw Defect(what: "\(generation), in the end: \(differences.joined(separator: "; "))")
    }
    if subscriber.rejected != mustBeRejected {
      let missing = mustBeRejected.subtracting(subscriber.rejected).sorted()
      throw Defect(what: "\(generation): refused events that were never reported: \(missing)")
    }
    // One that comes late sees the same.
    let late = try Subscriber(cluster, generation)
    try late.poll()
    let lateDifferences = late.published.differences(from: expected)
    guard lateDifferences.isEmpty else {
      throw Defect(
        what: "\(generation), for a late subscriber: \(lateDifferences.joined(separator: "; "))")
    }
  }
}

/// What must not be.
struct Defect: Error { var what: String }
