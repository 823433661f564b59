import Dashboard
import HTTPServer

/// The options for the limits of each client.
struct LimitSettings {
  var server = ServerLimits()
  var client = ClientLimits()

  static func options<C>(_ path: WritableKeyPath<C, LimitSettings>) -> [Option<C>] {
    own.map { $0.within(path) }
  }

  private static var own: [Option<LimitSettings>] {
    let defaults = LimitSettings()
    return [
      .value(
        "client-connections", "N",
        "open connections of one address, other than this machine's (default: \(defaults.server.connectionsPerClient))",
        \.server.connectionsPerClient, .integer(1...1_000)),
      .value(
        "client-streams", "N",
        "open event streams of one viewer, or address without tokens (default: \(defaults.client.streams))",
        \.client.streams, .integer(1...800)),
      .value(
        "client-explanations", "N",
        "explanations in progress for one viewer, or address without tokens (default: \(defaults.client.explanations))",
        \.client.explanations, .integer(1...16)),
    ]
  }
}
