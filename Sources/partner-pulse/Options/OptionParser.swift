// Its globals are only used here, by the main thread, before other threads start.
@preconcurrency import CGetopt
import Glibc

/// Parses a command's arguments with `getopt_long`: options may come between operands, `--` ends them, and names may be
/// abbreviated as long as they are unambiguous.
struct OptionParser {
  let options: [OptionDefinition]

  enum Outcome {
    case help
    case arguments([GivenValue], operands: [String])
  }

  /// What getopt_long returns for the first option; smaller values are characters.
  private static var firstValue: Int32 { 256 }

  /// Throws an error that names the invalid argument.
  func parse(_ arguments: [String]) throws(UsageError) -> Outcome {
    var argv: [UnsafeMutablePointer<CChar>?] = ([""] + arguments).map { strdup($0) } + [nil]
    let names = (options.map(\.name) + ["help"]).map { strdup($0) }
    // Kept to be freed, since getopt_long permutes argv.
    let owned = argv + names
    defer { for pointer in owned { free(pointer) } }
    var table = names.enumerated().map { index, name in
      option(
        name: name, has_arg: options.indices.contains(index) && options[index].placeholder != nil ? 1 : 0,
        flag: nil, val: Self.firstValue + Int32(index))
    }
    table.append(option())
    opterr = 0
    // Zero instead of one makes glibc start anew.
    optind = 0
    var given: [GivenValue] = []
    while true {
      // The colon makes getopt_long distinguish a missing value from an unknown option.
      let found = getopt_long(Int32(arguments.count + 1), &argv, ":h", table, nil)
      if found == -1 { break }
      let index = Int(found - Self.firstValue)
      if found == Int32(UInt8(ascii: "h")) || index == options.count { return .help }
      guard options.indices.contains(index) else { throw usageError(found, argv) }
      given.append(
        GivenValue(
          option: options[index].name, text: optarg.map { String(cString: $0) } ?? "true", place: .commandLine
        ))
    }
    return .arguments(
      given, operands: argv[Int(optind)..<arguments.count + 1].compactMap { $0.map { String(cString: $0) } })
  }

  /// The error behind getopt_long's result ":" or "?".
  private func usageError(_ found: Int32, _ argv: [UnsafeMutablePointer<CChar>?]) -> UsageError {
    let known = Int(optopt - Self.firstValue)
    let name = known == options.count ? "help" : options.indices.contains(known) ? options[known].name : nil
    if let name {
      return UsageError(
        found == Int32(UInt8(ascii: ":"))
          ? "option '--\(name)' needs a value" : "option '--\(name)' takes no value")
    }
    if optopt != 0 {
      return UsageError("unknown option '-\(Character(Unicode.Scalar(UInt8(truncatingIfNeeded: optopt))))'")
    }
    let argument = argv[Int(optind) - 1].map { String(cString: $0) } ?? ""
    let given = argument.prefix { $0 != "=" }
    let candidates = options.map { "--\($0.name)" }.filter { $0.hasPrefix(given) }
    return UsageError(
      candidates.isEmpty
        ? "unknown option '\(given)'"
        : "option '\(given)' is ambiguous: it may be \(candidates.joined(separator: " or "))")
  }
}
