import Foundation

/// What a run of the program left behind.
struct Outcome {
  var code: Int32
  var output: String
  var errors: String

  var lines: [Substring] { output.split(separator: "\n") }
}

/// The built program, as a user runs it.
enum CommandLineProgram {
  /// The build puts it beside the tests.
  static let url = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("partner-pulse")

  /// Runs it to its end.
  static func run(
    _ arguments: [String], in directory: Scratch, input: String = "", environment: [String: String] = [:]
  ) throws -> Outcome {
    let running = try RunningProgram(arguments, in: directory, input: input, environment: environment)
    running.waitUntilExit()
    return try running.outcome()
  }
}

/// The program while it runs.
final class RunningProgram {
  private let process = Process()
  private let output: URL
  private let errors: URL

  /// `environment` is what differs from this process's.
  init(
    _ arguments: [String], in directory: Scratch, input: String = "", environment: [String: String] = [:]
  ) throws {
    // Files and not pipes, which would have to be emptied meanwhile.
    output = directory.newFile("output")
    errors = directory.newFile("errors")
    let inputFile = directory.newFile("input")
    try Data(input.utf8).write(to: inputFile)
    for file in [output, errors] { try Data().write(to: file) }
    process.executableURL = CommandLineProgram.url
    process.arguments = arguments
    // Most tests read messages as people do.
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["PARTNER_PULSE_LOG_FORMAT": "text"].merging(environment) { $1 }
    ) { $1 }
    process.currentDirectoryURL = directory.url
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
  }

  deinit {
    guard process.isRunning else { return }
    kill(SIGKILL)
    // Foundation keeps a process that nobody saw end.
    process.waitUntilExit()
  }

  func kill(_ signal: Int32) { _ = Foundation.kill(process.processIdentifier, signal) }

  func waitUntilExit() { process.waitUntilExit() }

  func outcome() throws -> Outcome {
    Outcome(
      code: process.isRunning ? -1 : process.terminationStatus,
      output: try text(output), errors: try text(errors))
  }

  /// Not by `String(contentsOf:)`, which leaks a page for each empty file.
  private func text(_ file: URL) throws -> String {
    String(decoding: try FileHandle(forReadingFrom: file).readToEnd() ?? Data(), as: UTF8.self)
  }

  /// Waits until what it wrote so far satisfies `condition`; returns whether it did within ten minutes, since
  /// sanitizers are slow.
  func wait(until condition: (Outcome) -> Bool) throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(600)
    while ContinuousClock.now < deadline {
      if condition(try outcome()) { return true }
      if !process.isRunning { return condition(try outcome()) }
      usleep(20_000)
    }
    return false
  }
}
