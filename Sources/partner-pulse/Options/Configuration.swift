import EventImport

/// The option values from outside the command line: from a file and from environment variables.
struct Configuration {
  let file: ConfigurationFile?
  let environment: EnvironmentVariables
  let commands: [any Command.Type]

  /// Reads the environment, and the file that the command line or else the environment names. Throws for any error in the file,
  /// whatever command it concerns.
  init(_ commandLine: [GivenValue], commands: [any Command.Type]) throws(UsageError) {
    environment = try .ofProcess()
    let environmental = environment.given(CommonSettings.definitions)
    let path = (environmental + commandLine).last { $0.option == CommonSettings.configurationFileOption }
    self.commands = commands
    do throws(UsageError) {
      file = try path.map { (path) throws(UsageError) in try ConfigurationFile(path: path.text) }
    } catch {
      // An error that names no file needs the place where the file was named.
      throw path.map { $0.text.isEmpty ? $0.usageError(UsageError("'' is not a file")) : error } ?? error
    }
    if let file { try check(file) }
  }

  /// All values given to a command, including those of its `commandLine`.
  func given(to command: any Command.Type, _ commandLine: [GivenValue]) -> [GivenValue] {
    let definitions = command.definitions
    return (file?.given(to: command.name, definitions) ?? []) + environment.given(definitions) + commandLine
  }

  /// Warnings about variables that set no option, a line for each.
  var warnings: [String] {
    let known = commands.flatMap { $0.definitions }
    return environment.unknown(known).map { name in
      let nearest = nearestName(to: name, among: known.map(\.variable))
      return "no option is set by the environment variable \(name)"
        + (nearest.map { "; did you mean \($0)?" } ?? "")
    }
  }

  private func check(_ file: ConfigurationFile) throws(UsageError) {
    var lines: [String: Int] = [:]
    for entry in file.entries {
      let value = file.value(entry)
      if let name = entry.command, !commands.contains(where: { $0.name == name }) {
        throw unknown(value, "unknown command '\(name)'", nearest: name, among: commands.map { $0.name })
      }
      let addressed = commands.filter { entry.command == nil || $0.name == entry.command }
      let concerned = addressed.filter { $0.definitions.contains { $0.name == entry.option } }
      let definition = concerned.first?.definitions.first { $0.name == entry.option }
      guard let definition else {
        let place = entry.command.map { " of '\($0)'" } ?? ""
        throw unknown(
          value, "unknown option '\(entry.option)'\(place)", nearest: entry.option,
          among: addressed.flatMap { $0.definitions }.map(\.name))
      }
      guard entry.option != CommonSettings.configurationFileOption else {
        throw UsageError("\(value.place): a file cannot name another one")
      }
      if definition.kind == .flag || definition.kind == .value {
        let name = "\(entry.command ?? "")/\(entry.option)"
        if let line = lines[name] {
          throw UsageError("\(value.place): \(entry.option) is already in line \(line)")
        }
        lines[name] = entry.line
      }
      if let mistake = concerned.lazy.compactMap({ $0.mistake(in: value) }).first { throw mistake }
    }
  }

  private func unknown(
    _ value: GivenValue, _ text: String, nearest name: String, among names: [String]
  ) -> UsageError {
    let nearest = nearestName(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
    return UsageError("\(value.place): \(text)\(nearest)")
  }
}
