// Its globals are only used here, by the main thread, before any other starts.
@preconcurrency import CGetopt
import Glibc

/// Reads a command's arguments with `getopt_long`: options may stand between operands, `--` ends them, a name may be
/// shortened as long as it is unambiguous.
struct OptionParser {
  let options: [OptionDefinition]

  enum Outcome {
    case help
    case arguments([GivenValue], operands: [String])
  }

  /// Where the values of options start in what getopt_long returns; below are characters.
  private static var firstValue: Int32 { 256 }

  /// What the arguments say. Throws a text that names the argument that is wrong.
  func parse(_ arguments: [String]) throws(UsageError) -> Outcome {
    var argv: [UnsafeMutablePointer<CChar>?] = ([""] + arguments).map { strdup($0) } + [nil]
    let names = (options.map(\.name) + ["help"]).map { strdup($0) }
    // getopt_long moves pointers around in argv.
    let owned = argv + names
    defer { for pointer in owned { free(pointer) } }
    var table = names.enumerated().map { index, name in
      option(
        name: name, has_arg: options.indices.contains(index) && options[index].placeholder != nil ? 1 : 0,
        flag: nil, val: Self.firstValue + Int32(index))
    }
    table.append(option())
    opterr = 0
    // Zero and not one: glibc starts afresh.
    optind = 0
    var given: [GivenValue] = []
    while true {
      // The colon makes a missing value tell itself from an unknown option.
      let found = getopt_long(Int32(arguments.count + 1), &argv, ":h", table, nil)
      if found == -1 { break }
      let index = Int(found - Self.firstValue)
      if found == Int32(UInt8(ascii: "h")) || index == options.count { return .help }
      guard options.indices.contains(index) else { throw complaint(found, argv) }
      given.append(
        GivenValue(
          option: options[index].name, text: optarg.map { String(cString: $0) } ?? "true", place: .commandLine
        ))
    }
    return .arguments(
      given, operands: argv[Int(optind)..<arguments.count + 1].compactMap { $0.map { String(cString: $0) } })
  }

  /// What getopt_long means by ":" or "?".
  private func complaint(_ found: Int32, _ argv: [UnsafeMutablePointer<CChar>?]) -> UsageError {
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
