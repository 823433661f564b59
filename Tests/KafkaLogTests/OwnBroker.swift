import Foundation
import Testing

/// A broker that a test may stop, started with `scripts/kafka-broker`.
final class OwnBroker {
  static let isAvailable = ProcessInfo.processInfo.environment["KAFKA_HOME"] != nil

  let directory: URL
  let port: Int

  init() throws {
    directory = FileManager.default.temporaryDirectory.appending(path: Broker.unique("kafka-broker"))
    port = try Self.freePorts(2)
    try start()
  }

  deinit {
    try? stop()
    try? FileManager.default.removeItem(at: directory)
  }

  var address: String { "127.0.0.1:\(port)" }

  func start() throws { try run("start", directory.path, "--port", String(port)) }

  func stop() throws { try run("stop", directory.path) }

  private static let scripts = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "scripts")

  /// The first of so many in a row.
  private static func freePorts(_ count: Int) throws -> Int {
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", scripts.appending(path: "lib/free_ports.py").path, String(count)]
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  private func run(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = Self.scripts.appending(path: "kafka-broker")
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
  }
}
