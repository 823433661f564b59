import Contract
import EventLog
import Indicators
import SimulatedLog
import Topology

/// What the simulator needs of a driver.
protocol SteppedDriver: AnyObject {
  func step() throws(LogError)
  func close()
  /// Checks the states of its live tasks.
  func checkInvariants() throws(BrokenInvariant)
}

extension StageDriver: SteppedDriver {
  func checkInvariants() throws(BrokenInvariant) {
    for number in machine.taskNumbers {
      if let task = machine.task(number) as? EntityTask { try task.state.checkInvariants() }
    }
  }
}

/// A run of one process: the program's own drivers on a simulated host.
final class SimulatedProcess {
  let host = Host()
  let drivers: [any SteppedDriver]
  var isPausedUntil: Int64 = .min

  init(
    named name: String, on cluster: SimulatedCluster, _ generation: Generation, _ disk: SimulatedDisk,
    catalog: Catalog, options: AggregatorOptions, keepsCheckpoints: Bool, upstreamDelay: Int64,
    misbehavior: Misbehavior, report: @escaping Report
  ) throws {
    let clock = cluster.clock
    var log: any EventLog = SimulatedLog(cluster, on: host, generation, keepsCheckpoints: keepsCheckpoints)
    var store: any CheckpointStore = DiskClient(disk, host, clock)
    if misbehavior.contains(.trustsDamagedCheckpoints) {
      store = TrustingStore(store, try Self.origins(in: log, catalog, options))
    }
    if !misbehavior.isEmpty { log = MisbehavingLog(log, misbehavior) }
    let factory = try DriverFactory(
      log: log, catalog: catalog, store: store, processID: name, options: options, now: { clock.now },
      report: report, restoresInBackground: false)
    let upstreamIsDone = clock.now + upstreamDelay
    drivers = (0..<options.threads).flatMap { thread -> [any SteppedDriver] in
      [
        factory.entityDriver(thread),
        factory.rankingDriver(thread, isUpstreamBehind: { clock.now < upstreamIsDone }),
      ]
    }
  }

  /// What the checkpoints on its disk are for, by their names.
  private static func origins(
    in log: any EventLog, _ catalog: Catalog, _ options: AggregatorOptions
  ) throws -> @Sendable (String) -> CheckpointOrigin? {
    let (identity, generation) = (try log.identity(), log.generation)
    let definition = try PartitionCounts(of: log).definition(catalog)
    return { name in
      for stage in Stage.all where name.hasPrefix(stage.name + "-") {
        guard let partition = Int32(name.dropFirst(stage.name.count + 1)) else { return nil }
        return CheckpointOrigin(
          log: identity, group: stage.group(of: options.application, in: generation), partition: partition,
          definition: definition)
      }
      return nil
    }
  }

  func checkInvariants() throws {
    for driver in drivers { try driver.checkInvariants() }
  }

  /// Commits, writes checkpoints and leaves.
  func stop() { for driver in drivers { driver.close() } }
}
