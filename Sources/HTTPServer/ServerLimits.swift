/// The limits of one server.
package struct ServerLimits: Sendable {
  /// Open connections. Beyond that, a new one replaces one that waits for a request (see `ConnectionTable`).
  package var connections = 1_000
  /// Further connections for essential requests; other requests on them get a 503.
  package var spareConnections = 64
  /// Open connections of one client; a few more get a 429, the others are closed.
  package var connectionsPerClient = 250
  /// Which clients are limited. Not those on this machine: a proxy there opens the connections of all clients.
  package var isCounted: @Sendable (ClientAddress) -> Bool = { !$0.isLoopback }
  /// How many of the connections may carry a stream.
  package var streams = 800
  /// Bytes of a request's line and header fields, with some room for the response's.
  package var connectionMemory = 32 << 10
  /// Seconds from a connection's start, or its last response, to the last byte of a request's header, however slowly it
  /// arrives.
  package var requestSeconds: Int64 = 30
  /// Seconds for the client to read a response that is not a stream.
  package var responseSeconds: Int64 = 60
  /// Seconds for either of these on a connection beyond the limits.
  package var spareSeconds: Int64 = 5
  /// Seconds without a byte in either direction while there is something to send.
  package var stallSeconds = 30
  /// Seconds that a stop waits for requests in progress.
  package var stopSeconds: Int64 = 10

  package init() {}
}
