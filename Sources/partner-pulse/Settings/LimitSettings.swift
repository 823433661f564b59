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
        "maximum open connections from one address, except this machine's (default: \(defaults.server.connectionsPerClient))",
        \.server.connectionsPerClient, .integer(1...1_000)),
      .value(
        "client-streams", "N",
        "maximum open event streams of one viewer, or of one address without tokens (default: \(defaults.client.streams))",
        \.client.streams, .integer(1...800)),
      .value(
        "client-explanations", "N",
        "maximum explanations in progress for one viewer, or for one address without tokens (default: \(defaults.client.explanations))",
        \.client.explanations, .integer(1...16)),
    ]
  }
}
