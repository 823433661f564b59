/// Options of an aggregator.
public struct AggregatorOptions: Sendable {
  /// The prefix of the consumer group names. Each application has its own committed positions.
  public var application = "partner-pulse"
  /// Driver threads of each stage.
  public var threads = 1
  /// For static membership: a name of this process that is unique in the application; nil for dynamic membership.
  public var instanceID: String?
  public var policy = CommitPolicy()
  /// Milliseconds between two checkpoints of a task.
  public var checkpointInterval: Int64 = 60_000
  /// The average limit of checkpoint bytes that each thread writes per second, and the maximum size of a chunk.
  public var checkpointBytesPerSecond = 4_000_000
  public var checkpointChunkBytes = 256 << 10

  public init() {}
}
