/// One long option of a command: what its help says and what it sets.
struct Option<Settings> {
  let name: String
  /// What stands for the value in the help text; nil if it takes none.
  let placeholder: String?
  let help: String
  /// Sets what the option is for; `value` is empty if it takes none.
  let apply: (_ settings: inout Settings, _ value: String) throws(UsageError) -> Void

  /// An option without a value.
  static func flag(_ name: String, _ help: String, _ path: WritableKeyPath<Settings, Bool>) -> Option {
    Option(name: name, placeholder: nil, help: help) { settings, _ in settings[keyPath: path] = true }
  }

  /// An option with a default; the last one given counts.
  static func value<Value>(
    _ name: String, _ placeholder: String, _ help: String, _ path: WritableKeyPath<Settings, Value>,
    _ form: OptionValue<Value>
  ) -> Option {
    Option(name: name, placeholder: placeholder, help: help) { (settings, text) throws(UsageError) in
      settings[keyPath: path] = try form.value(of: text, option: name)
    }
  }

  /// An option without a default; the last one given counts.
  static func value<Value>(
    _ name: String, _ placeholder: String, _ help: String, _ path: WritableKeyPath<Settings, Value?>,
    _ form: OptionValue<Value>
  ) -> Option {
    Option(name: name, placeholder: placeholder, help: help) { (settings, text) throws(UsageError) in
      settings[keyPath: path] = try form.value(of: text, option: name)
    }
  }

  /// An option that may be given several times.
  static func values<Value>(
    _ name: String, _ placeholder: String, _ help: String, _ path: WritableKeyPath<Settings, [Value]>,
    _ form: OptionValue<Value>
  ) -> Option {
    Option(name: name, placeholder: placeholder, help: help) { (settings, text) throws(UsageError) in
      settings[keyPath: path].append(try form.value(of: text, option: name))
    }
  }

  /// The same option, for settings that hold these.
  func within<Outer>(_ path: WritableKeyPath<Outer, Settings>) -> Option<Outer> {
    Option<Outer>(name: name, placeholder: placeholder, help: help) { (outer, text) throws(UsageError) in
      try apply(&outer[keyPath: path], text)
    }
  }
}
