/// The options that all commands have.
struct CommonSettings {
  var configurationFile: String?

  static let configurationFileOption = "config"

  static func options<C>(_ path: WritableKeyPath<C, CommonSettings>) -> [Option<C>] {
    own.map { $0.within(path) }
  }

  private static var own: [Option<CommonSettings>] {
    [
      .value(
        configurationFileOption, "FILE", "file of options; `\(Program.name) config --help` describes it",
        \.configurationFile, .text)
    ]
  }

  static var definitions: [OptionDefinition] { own.map(\.definition) }
}
