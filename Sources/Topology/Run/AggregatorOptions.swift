/// How an aggregator is run.
public struct AggregatorOptions: Sendable {
  /// The consumer groups are named after it, and what one application has published another does not know.
  public var application = "partner-pulse"
  /// Driver threads of each stage.
  public var threads = 1
  /// For static membership: this process's name among those of the application; nil for dynamic membership.
  public var instanceID: String?
  public var policy = CommitPolicy()
  /// Milliseconds from one checkpoint of a task to the next.
  public var checkpointInterval: Int64 = 60_000
  /// The most bytes of checkpoints that each thread writes in a second, on average, and that one chunk has.
  public var checkpointBytesPerSecond = 4_000_000
  public var checkpointChunkBytes = 256 << 10

  public init() {}
}
