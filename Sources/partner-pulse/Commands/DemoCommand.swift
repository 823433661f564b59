import Dashboard
import EventLog
import Generator
import Glibc
import HTTPServer
import Indicators
import Platform
import SQLiteLog
import SnapshotView
import Topology

/// `demo`
struct DemoCommand: Command {
  var dataFile: String?
  var rate = 40.0
  var seed: UInt64 = 1
  var listen = ListenSettings()

  private static let defaultDataFile = "partner-pulse-demo.db"

  static let words = ["demo"]
  static let summary = "run a demo with generated data"
  static let description = """
    Generates the events of a market of partners over the last thirty months, runs the aggregator on them,
    keeps adding events, serves the page, and shows the top partners of the current month, until SIGINT.
    """
  static var options: [Option<Self>] {
    [
      .value(
        "data", "FILE.db", "a new file (default: \(defaultDataFile), recreated at each start)", \.dataFile,
        .text),
      .value("rate", "R", "business events per second (default: 40)", \.rate, .positive),
      .value(
        "seed", "N", "seed of the random generator (default: 1)", \.seed, .integer(0...UInt64.max)),
    ] + ListenSettings.options(\.listen)
  }

  func check() throws(UsageError) {
    try listen.address.map { (address) throws(UsageError) in try AccessSettings().check(address) }
  }

  func run(_ console: Console) throws {
    let path = dataFile ?? Self.defaultDataFile
    if dataFile != nil, fileExists(path) {
      throw Failure("\(path) already exists; the demo needs a new file")
    }
    // First, since this fails if another demo is still running.
    let state = try StateDirectory(path: "\(path).state")
    try removeLog(path)
    var options = SQLiteLog.Options()
    options.durability = .processEnd
    let log = try SQLiteLog(path: path, options: options)
    try log.createTopics(partitions: LogSettings.defaultPartitions)
    let interruption = Interruption(console)
    let market = DemoMarket(log: log, seed: seed, catalog: try CatalogSettings().load())
    let definition = try PartitionCounts(checking: log).definition(market.catalog)
    try log.begin(definition, computedBy: AggregatorSettings().application.name)
    console.log(.info, "generating a market in \(path)")
    let live = try market.makeHistory()
    let background = BackgroundThreads(stop: interruption.stop)
    let aggregator = AggregatorService(
      AggregatorSettings(), log: log, catalog: market.catalog, state: state, isMeasured: true,
      stop: interruption.stop, console)
    aggregator.start(background)
    let rate = rate
    background.start("market") { [stop = interruption.stop] in
      try market.writeLive(live, rate: rate, until: stop)
    }
    defer { background.stopAndWait() }
    var service = WebService(
      log: log,
      open: { [options] (generation) throws(LogError) in
        try SQLiteLog(path: path, generation: generation, options: options)
      },
      access: .none, rule: RangeRule(), page: PageSettings(market.catalog))
    service.explanations = ExplanationService(
      log, definition, FactReader(log: log, catalog: market.catalog))
    service.moreMetrics = aggregator.writeMetrics
    service.moreToWaitFor = aggregator.waitsFor
    let running = try serve(service, background, console)
    defer { running.stop() }
    console.log(.info, "serving the page on http://\(running.server.address)/")
    try show(log, console, interruption.stop)
    try background.check()
  }

  /// Removes the log of an earlier demo, and its checkpoints.
  private func removeLog(_ path: String) throws {
    let checkpoints = try filesInDirectory("\(path).state").filter { $0.hasSuffix(".checkpoint") }
    try removeFiles([path, path + "-wal", path + "-shm"] + checkpoints.map { "\(path).state/\($0)" })
  }

  /// Falls back to any free port if no address was given and the default one is in use.
  private func serve(
    _ service: WebService, _ background: BackgroundThreads, _ console: Console
  ) throws -> RunningService {
    guard listen.address == nil else {
      return try service.start(at: listen.address ?? ListenSettings.defaultAddress, background, console)
    }
    do {
      return try service.start(at: ListenSettings.defaultAddress, background, console)
    } catch let error as ServerError {
      console.log(.warning, "\(error)")
      let elsewhere = ListenAddress(host: ListenSettings.defaultAddress.host, port: 0)
      return try service.start(at: elsewhere, background, console)
    }
  }

  /// Draws the table every second.
  private func show(_ log: SQLiteLog, _ console: Console, _ stop: StopSignal) throws {
    let follower = try SnapshotFollower(log)
    var table = DemoTable(isTerminal: console.isOutputTerminal)
    var drawn = ContinuousClock.now
    while !stop.isStopped, !console.isOutputClosed {
      _ = try follower.poll(timeout: 100)
      guard ContinuousClock.now - drawn >= .seconds(1) else { continue }
      drawn = ContinuousClock.now
      if let text = table.draw(follower.view) {
        try console.print(text)
        try console.flush()
      }
    }
  }
}
