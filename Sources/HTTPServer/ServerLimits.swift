/// What one server takes on.
public struct ServerLimits: Sendable {
  /// Connections that are open at once; more wait until one is closed.
  public var connections = 1_000
  /// Of those, the ones that may carry a stream.
  public var streams = 800
  /// Bytes of a request's line and header fields, with some room for the answer's.
  public var connectionMemory = 32 << 10
  /// Seconds from a connection's start, or its last answer, to a request's last header byte, however they drip in.
  public var requestSeconds: Int64 = 30
  /// Seconds for an answer that is no stream to be read.
  public var responseSeconds: Int64 = 60
  /// Seconds without a byte going either way, while there is something to send.
  public var stallSeconds = 30
  /// Seconds that a stop waits for requests that are being answered.
  public var stopSeconds: Int64 = 10

  public init() {}
}
