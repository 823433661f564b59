/// A command with its settings and the common ones of all commands.
struct Invocation<C: Command> {
  var command = C()
  var common = CommonSettings()

  static var options: [Option<Self>] {
    C.options.map { $0.within(\.command) } + CommonSettings.options(\.common)
  }

  init() {}

  /// Throws for the first invalid value, with its place, even if another value overrides it.
  init(_ given: [GivenValue]) throws(UsageError) {
    for value in given { try Self.check(value) }
    let options = Self.options
    for value in given.effective(options.map(\.definition)) {
      try options.first { $0.definition.name == value.option }?.apply(&self, value.text)
    }
  }

  /// Sets the format and the level of the log.
  func configureLog(_ console: Console) {
    console.configureLog(format: common.logFormat, level: common.logLevel)
  }

  /// Throws if the value is invalid for its option.
  static func check(_ value: GivenValue) throws(UsageError) {
    var scratch = Self()
    do {
      try options.first { $0.definition.name == value.option }?.apply(&scratch, value.text)
    } catch {
      throw value.usageError(error)
    }
  }
}

extension Command {
  /// The definitions of its options, and of those that all commands have.
  static var definitions: [OptionDefinition] { Invocation<Self>.options.map(\.definition) }

  /// The error in a value of one of these options; nil if it is valid.
  static func mistake(in value: GivenValue) -> UsageError? {
    do throws(UsageError) {
      try Invocation<Self>.check(value)
      return nil
    } catch {
      return error
    }
  }
}
