// The environment is read once, by the main thread, before other threads start.
@preconcurrency import Glibc

/// The environment variables that set options, such as PARTNER_PULSE_STATE_DIR for --state-dir.
struct EnvironmentVariables {
  static let prefix = "PARTNER_PULSE_"

  /// The values by variable name. Empty variables are ignored.
  let values: [String: String]

  /// The variables of this process. Throws if one is not UTF-8.
  static func ofProcess() throws(UsageError) -> EnvironmentVariables {
    var values: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      next = next.advanced(by: 1)
      guard strncmp(entry, prefix, prefix.utf8.count) == 0 else { continue }
      guard let text = String(validatingCString: entry) else {
        throw UsageError("\(String(cString: entry).prefix { $0 != "=" }): the value is not UTF-8")
      }
      guard let sign = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let value = text[text.utf8.index(after: sign)...]
      if !value.isEmpty { values[String(text[..<sign])] = String(value) }
    }
    return EnvironmentVariables(values: values)
  }

  /// The values that they give to these options. For a repeatable option, each line of the variable is a value.
  func given(_ definitions: [OptionDefinition]) -> [GivenValue] {
    definitions.flatMap { definition -> [GivenValue] in
      guard let value = values[definition.variable] else { return [] }
      let place = ValuePlace.environment(variable: definition.variable)
      switch definition.kind {
      case .flag, .value:
        return [GivenValue(option: definition.name, text: value, place: place)]
      case .list, .table:
        return value.split(separator: "\n").map { $0.trimmed }.filter { !$0.isEmpty }
          .map { GivenValue(option: definition.name, text: $0, place: place) }
      }
    }
  }

  /// The names of variables that belong to none of these options, sorted.
  func unknown(_ definitions: [OptionDefinition]) -> [String] {
    values.keys.filter { name in !definitions.contains { $0.variable == name } }.sorted()
  }
}

extension StringProtocol {
  /// The text without leading and trailing spaces, tabs and carriage returns.
  var trimmed: String {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0d }
    let kept = utf8.drop(while: isSpace).reversed().drop(while: isSpace)
    return String(decoding: kept.reversed(), as: UTF8.self)
  }
}
