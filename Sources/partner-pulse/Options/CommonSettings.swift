/// The options that all commands have.
struct CommonSettings {
  var configurationFile: String?
  var logFormat: LogFormat?
  var logLevel = LogLevel.info

  static let configurationFileOption = "config"

  static func options<C>(_ path: WritableKeyPath<C, CommonSettings>) -> [Option<C>] {
    own.map { $0.within(path) }
  }

  private static var own: [Option<CommonSettings>] {
    [
      .value(
        configurationFileOption, "FILE", "file of options; `\(Program.name) config --help` describes it",
        \.configurationFile, .text),
      .value(
        "log-format", "FORM",
        "format of messages on standard error: text, or json with one object per line (default: text on a terminal, otherwise json)",
        \.logFormat, .oneOf()),
      .value(
        "log-level", "LEVEL", "minimum level of logged messages: info, warning or error (default: info)",
        \.logLevel,
        .oneOf("info, warning or error")),
    ]
  }

  static var definitions: [OptionDefinition] { own.map(\.definition) }
}
