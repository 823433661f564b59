import HTTPServer
import Topology

/// Options of the aggregator; the same for `run` and `recompute`.
struct AggregatorSettings {
  var stateDirectory: String?
  var threads = 1
  var application = ApplicationSettings()
  var instanceID: String?
  var checkpointInterval = 60.0
  var metricsAddress: ListenAddress?

  static func options<C>(_ path: WritableKeyPath<C, AggregatorSettings>) -> [Option<C>] {
    own.map { $0.within(path) }
  }

  private static var own: [Option<AggregatorSettings>] {
    [
      .value(
        "state-dir", "DIR",
        "directory for this process's identity, and for checkpoints of a SQLite log (default: FILE.db.state; with Kafka, topic prefix and application followed by .state)",
        \.stateDirectory, .text),
      .value(
        "threads", "N", "number of threads of each of the two stages (default: 1)", \.threads,
        .integer(1...1024)),
    ] + ApplicationSettings.options(\.application) + [
      .value(
        "instance-id", "NAME",
        "unique name of this process in the application, for static membership (group.instance.id)",
        \.instanceID,
        .text),
      .value(
        "checkpoint-interval", "SECONDS", "time between checkpoints (default: 60)",
        \.checkpointInterval,
        .seconds),
      .value(
        "metrics", "HOST:PORT", "address for /metrics, /healthz and /readyz (default: not served)",
        \.metricsAddress, .listenAddress),
    ]
  }

  var options: AggregatorOptions {
    var options = AggregatorOptions()
    options.application = application.name
    options.threads = threads
    options.instanceID = instanceID
    options.checkpointInterval = Int64(checkpointInterval * 1000)
    return options
  }
}

/// The application, which consumer groups are named after; the same option in all commands.
struct ApplicationSettings {
  var name = AggregatorOptions().application

  static func options<C>(_ path: WritableKeyPath<C, ApplicationSettings>) -> [Option<C>] {
    [
      Option<ApplicationSettings>.value(
        "application", "NAME",
        "name that consumer groups begin with (default: \(AggregatorOptions().application))", \.name, .text
      ).within(path)
    ]
  }
}
