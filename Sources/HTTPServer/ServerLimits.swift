/// What one server takes on.
package struct ServerLimits: Sendable {
  /// Connections that are open at once; more wait until one is closed.
  package var connections = 1_000
  /// Of those, the ones that may carry a stream.
  package var streams = 800
  /// Bytes of a request's line and header fields, with some room for the answer's.
  package var connectionMemory = 32 << 10
  /// Seconds from a connection's start, or its last answer, to a request's last header byte, however they drip in.
  package var requestSeconds: Int64 = 30
  /// Seconds for an answer that is no stream to be read.
  package var responseSeconds: Int64 = 60
  /// Seconds without a byte going either way, while there is something to send.
  package var stallSeconds = 30
  /// Seconds that a stop waits for requests that are being answered.
  package var stopSeconds: Int64 = 10

  package init() {}
}
