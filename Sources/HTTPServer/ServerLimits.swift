/// What one server takes on.
package struct ServerLimits: Sendable {
  /// Connections that are open at once. Beyond, those that wait for a request longest are closed for new ones.
  package var connections = 1_000
  /// Connections beyond that, which are for requests that are essential, and tell all others to come again later.
  package var spareConnections = 64
  /// Connections of one client at once; a few more are told to come again later, and the rest is closed.
  package var connectionsPerClient = 250
  /// Whose connections are counted. A proxy on this machine brings those of everybody.
  package var isCounted: @Sendable (ClientAddress) -> Bool = { !$0.isLoopback }
  /// Of the connections, the ones that may carry a stream.
  package var streams = 800
  /// Bytes of a request's line and header fields, with some room for the answer's.
  package var connectionMemory = 32 << 10
  /// Seconds from a connection's start, or its last answer, to a request's last header byte, however they drip in.
  package var requestSeconds: Int64 = 30
  /// Seconds for an answer that is no stream to be read.
  package var responseSeconds: Int64 = 60
  /// Seconds for either on a connection beyond the limits.
  package var spareSeconds: Int64 = 5
  /// Seconds without a byte going either way, while there is something to send.
  package var stallSeconds = 30
  /// Seconds that a stop waits for requests that are being answered.
  package var stopSeconds: Int64 = 10

  package init() {}
}
