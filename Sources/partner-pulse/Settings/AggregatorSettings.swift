import HTTPServer
import Topology

/// How this process aggregates; the same options for `run` and `recompute`.
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
        "where this process keeps its identity, and checkpoints of a file (default: FILE.db.state; for Kafka PREFIX, application and .state)",
        \.stateDirectory, .text),
      .value("threads", "N", "threads of each of the two stages (default: 1)", \.threads, .integer(1...1024)),
    ] + ApplicationSettings.options(\.application) + [
      .value(
        "instance-id", "NAME", "this process's name in the application, for static membership", \.instanceID,
        .text),
      .value(
        "checkpoint-interval", "SECONDS", "from one checkpoint to the next (default: 60)",
        \.checkpointInterval,
        .seconds),
      .value(
        "metrics", "HOST:PORT", "where Prometheus finds /metrics, and orchestrators /healthz and /readyz",
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

/// Whose consumer groups are meant; the same option everywhere.
struct ApplicationSettings {
  var name = AggregatorOptions().application

  static func options<C>(_ path: WritableKeyPath<C, ApplicationSettings>) -> [Option<C>] {
    [
      Option<ApplicationSettings>.value(
        "application", "NAME",
        "consumer groups are named after it (default: \(AggregatorOptions().application))", \.name, .text
      ).within(path)
    ]
  }
}
