/// A value of an option, and where it was given.
struct GivenValue {
  let option: String
  let text: String
  let place: ValuePlace
}

/// Where an option was given a value.
enum ValuePlace: CustomStringConvertible {
  case file(String, line: Int, isSection: Bool)
  case environment(variable: String)
  case commandLine

  /// The place with the highest precedence wins.
  var precedence: Int {
    switch self {
    case .file(_, _, let isSection): isSection ? 1 : 0
    case .environment: 2
    case .commandLine: 3
    }
  }

  var description: String {
    switch self {
    case .file(let path, let line, _): "\(path):\(line)"
    case .environment(let variable): variable
    case .commandLine: "command line"
    }
  }

  /// The start of an error message about a value of `option`.
  func naming(_ option: String) -> String {
    switch self {
    case .file: "\(self): \(option)"
    case .environment: description
    case .commandLine: "--\(option)"
    }
  }
}

extension GivenValue {
  /// The key of KEY=VALUE.
  var key: Substring { text.prefix { $0 != "=" } }

  /// `error` with the place of this value.
  func usageError(_ error: UsageError) -> UsageError { UsageError("\(place.naming(option)): \(error)") }
}

extension [GivenValue] {
  /// The values in effect, in the order of `definitions`: of each option those of the place with the highest precedence, unless
  /// an option in a place of higher precedence replaces it (`OptionDefinition.replaced`).
  func effective(_ definitions: [OptionDefinition]) -> [GivenValue] {
    var highest: [String: Int] = [:]
    for value in self {
      highest[value.option] = Swift.max(highest[value.option] ?? 0, value.place.precedence)
    }
    var floors: [String: Int] = [:]
    for definition in definitions {
      guard let place = highest[definition.name] else { continue }
      for name in definition.replaced { floors[name] = Swift.max(floors[name] ?? 0, place) }
    }
    return definitions.flatMap { definition -> [GivenValue] in
      let values = filter {
        $0.option == definition.name && $0.place.precedence >= floors[definition.name] ?? 0
      }
      switch definition.kind {
      case .flag, .value:
        return Array(values.filter { $0.place.precedence == highest[definition.name] }.suffix(1))
      case .list:
        return values.filter { $0.place.precedence == highest[definition.name] }
      case .table:
        return values.enumerated().filter { index, value in
          !values.enumerated().contains { other in
            other.element.key == value.key
              && (other.element.place.precedence, other.offset) > (value.place.precedence, index)
          }
        }.map(\.element)
      }
    }
  }
}
