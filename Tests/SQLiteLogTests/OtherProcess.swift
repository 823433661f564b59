import Foundation

/// Python in another process: runs a script, and then waits to be killed.
final class OtherProcess {
  static let isAvailable = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

  private let process = Process()
  private let output = Pipe()

  struct Failed: Error { var said: String }

  /// Returns when the script has run; `argument` is its `sys.argv[1]`.
  init(_ script: String, _ argument: String) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = [
      "-c", "import sys\n\(script)\nprint('done', flush=True)\nsys.stdin.read()", argument,
    ]
    process.standardOutput = output
    process.standardInput = Pipe()
    try process.run()
    let said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard said.hasPrefix("done") else { throw Failed(said: said) }
  }

  deinit { kill() }

  /// Kills it (SIGKILL) and waits for its end.
  func kill() {
    guard process.isRunning else { return }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
