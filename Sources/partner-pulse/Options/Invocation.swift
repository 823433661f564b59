/// A command with the options that all commands have.
struct Invocation<C: Command> {
  var command = C()
  var common = CommonSettings()

  static var options: [Option<Self>] {
    C.options.map { $0.within(\.command) } + CommonSettings.options(\.common)
  }

  init() {}

  /// Throws for the first value that is wrong, with its place, whether it holds or not.
  init(_ given: [GivenValue]) throws(UsageError) {
    for value in given { try Self.check(value) }
    let options = Self.options
    for value in given.effective(options.map(\.definition)) {
      try options.first { $0.definition.name == value.option }?.apply(&self, value.text)
    }
  }

  /// Makes the log as it is wanted.
  func configureLog(_ console: Console) {
    console.configureLog(format: common.logFormat, level: common.logLevel)
  }

  /// Throws if the option does not take this value.
  static func check(_ value: GivenValue) throws(UsageError) {
    var scratch = Self()
    do {
      try options.first { $0.definition.name == value.option }?.apply(&scratch, value.text)
    } catch {
      throw value.complaint(error)
    }
  }
}

extension Command {
  /// Its options, and those that all commands have.
  static var definitions: [OptionDefinition] { Invocation<Self>.options.map(\.definition) }

  /// What is wrong with a value of one of these options.
  static func mistake(in value: GivenValue) -> UsageError? {
    do throws(UsageError) {
      try Invocation<Self>.check(value)
      return nil
    } catch {
      return error
    }
  }
}
