import Contract
import Dashboard
import EventLog
import Glibc
import Indicators
import Platform

/// A command whose configuration can be checked without running it.
protocol CheckedCommand: Command {
  var needs: CommandNeeds { get }
}

/// What a command needs from its environment.
struct CommandNeeds {
  var log: LogSettings
  var catalog: CatalogSettings?
  /// Whether it continues or reads an existing result, whose definition must match.
  var continues = true
  /// Whether it writes results, so that the partition counts of the outputs matter.
  var computes = false
  /// Topics that must exist.
  var topics: [Topic]
  /// Topics that it reads.
  var reads: [Topic]
  /// The consumer groups that it joins, by generation.
  var groups: (Generation) -> [String] = { _ in [] }
  /// Files and directories that it writes, with the options that name them.
  var places: [(option: String, path: String)] = []
  var keys: KeyPlace?
  /// How it writes results; nil if it does not.
  var output: OutputSettings?
}

extension CommandNeeds {
  /// Checks all of them, and changes nothing.
  func check(for command: String, _ list: inout CheckList, _ console: Console) throws {
    let catalog = try self.catalog.map { settings in
      try list.attempt("catalog") {
        let catalog = try settings.load()
        return (catalog, "\(settings.file ?? "built in"), \(counted(catalog.products.count, "product"))")
      }
    }
    if let keys {
      let found = try list.attempt("keys of tokens") {
        let found = try keys.inspect()
        guard found.keys > 0 else {
          throw Failure("no signature key for RS256 or ES256: every token is refused")
        }
        return (found, counted(found.keys, "key"))
      }
      for fault in found?.faults ?? [] { try list.note(.warning, "keys of tokens", "skipping \(fault)") }
    }
    for place in places {
      _ = try list.attempt("--\(place.option)") { ((), try Self.writable(place.path)) }
    }
    let plan = try checkRegistry(&list)
    try LogCheck(needs: self, catalog: catalog ?? nil, plan: plan, command: command).run(&list, console)
  }

  private func checkRegistry(_ list: inout CheckList) throws -> OutputPlan? {
    guard let output, let address = output.registry.address else { return nil }
    return try list.attempt("schema registry") {
      let plan = try output.plan()
      try plan.checkRegistry()
      return (plan, "\(address) answers")
    }
  }

  /// Returns a text that the file or directory can be written or created. Throws if it cannot.
  private static func writable(_ path: String) throws(Failure) -> String {
    if fileExists(path) {
      guard access(path, W_OK) == 0 else { throw Failure("\(path) cannot be written: \(SystemError())") }
      return path
    }
    var parent = path
    repeat {
      let end = parent.lastIndex(of: "/")
      parent = end.map { $0 == parent.startIndex ? "/" : String(parent[..<$0]) } ?? "."
    } while !fileExists(parent)
    guard access(parent, W_OK | X_OK) == 0 else {
      throw Failure("\(path) is missing and cannot be made in \(parent): \(SystemError())")
    }
    return "\(path) is missing, and can be made"
  }
}
