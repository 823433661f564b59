/// One long option of a command: its definition, and how it sets a property of `Settings`.
struct Option<Settings> {
  var definition: OptionDefinition
  /// Sets the property. Throws if the value is invalid, with a text that does not name the option.
  let apply: (_ settings: inout Settings, _ value: String) throws(UsageError) -> Void

  /// An option without a value on the command line, and with "true" or "false" elsewhere.
  static func flag(_ name: String, _ help: String, _ path: WritableKeyPath<Settings, Bool>) -> Option {
    Option(definition: OptionDefinition(name, .flag, help: help)) { (settings, text) throws(UsageError) in
      settings[keyPath: path] = try OptionValue<Bool>.truth.value(of: text)
    }
  }

  /// An option with a default; the last one given counts.
  static func value<Value>(
    _ name: String, _ placeholder: String, _ help: String, _ path: WritableKeyPath<Settings, Value>,
    _ form: OptionValue<Value>
  ) -> Option {
    Option(
      definition: OptionDefinition(name, .value, placeholder: placeholder, help: help, choices: form.choices)
    ) {
      (settings, text) throws(UsageError) in settings[keyPath: path] = try form.value(of: text)
    }
  }

  /// An option without a default; the last one given counts.
  static func value<Value>(
    _ name: String, _ placeholder: String, _ help: String, _ path: WritableKeyPath<Settings, Value?>,
    _ form: OptionValue<Value>
  ) -> Option {
    Option(
      definition: OptionDefinition(name, .value, placeholder: placeholder, help: help, choices: form.choices)
    ) {
      (settings, text) throws(UsageError) in settings[keyPath: path] = try form.value(of: text)
    }
  }

  /// An option that may be given several times.
  static func values<Value>(
    _ name: String, _ placeholder: String, _ help: String, _ path: WritableKeyPath<Settings, [Value]>,
    _ form: OptionValue<Value>
  ) -> Option {
    Option(
      definition: OptionDefinition(name, .list, placeholder: placeholder, help: help, choices: form.choices)
    ) {
      (settings, text) throws(UsageError) in settings[keyPath: path].append(try form.value(of: text))
    }
  }

  /// An option that may be given several times, with values KEY=VALUE.
  static func table(
    _ name: String, _ placeholder: String, _ help: String,
    _ path: WritableKeyPath<Settings, [(String, String)]>, _ form: OptionValue<(String, String)>
  ) -> Option {
    Option(definition: OptionDefinition(name, .table, placeholder: placeholder, help: help)) {
      (settings, text) throws(UsageError) in settings[keyPath: path].append(try form.value(of: text))
    }
  }

  /// This option, replacing the options `names` if they were given in a place of lower precedence.
  func replacing(_ names: String...) -> Option {
    var other = self
    other.definition.replaced = names
    return other
  }

  /// This option, for settings that contain these.
  func within<Outer>(_ path: WritableKeyPath<Outer, Settings>) -> Option<Outer> {
    Option<Outer>(definition: definition) { (outer, text) throws(UsageError) in
      try apply(&outer[keyPath: path], text)
    }
  }
}
