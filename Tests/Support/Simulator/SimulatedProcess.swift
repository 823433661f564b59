import Contract
import EventLog
import Indicators
import SimulatedLog
import Topology

/// What the simulator needs of a driver.
protocol SteppedDriver: AnyObject {
  func step() throws(LogError)
  func close()
}

extension StageDriver: SteppedDriver {}

/// A run of one process: the program's own drivers on a simulated host.
final class SimulatedProcess {
  let host = Host()
  let drivers: [any SteppedDriver]
  var isPausedUntil: Int64 = .min

  init(
    named name: String, on cluster: SimulatedCluster, _ generation: Generation, _ disk: SimulatedDisk,
    catalog: Catalog, options: AggregatorOptions, keepsCheckpoints: Bool, misbehavior: Misbehavior,
    report: @escaping Report
  ) throws {
    let clock = cluster.clock
    let factory = try DriverFactory(
      log: SimulatedLog(cluster, on: host, generation, keepsCheckpoints: keepsCheckpoints), catalog: catalog,
      store: DiskClient(disk, host, clock), processID: name, options: options, now: { clock.now },
      report: report, restoresApart: false, misbehavior: misbehavior)
    drivers = (0..<options.threads).flatMap { thread -> [any SteppedDriver] in
      [factory.entityDriver(thread), factory.rankingDriver(thread)]
    }
  }

  /// Commits, writes checkpoints and leaves.
  func stop() { for driver in drivers { driver.close() } }
}
