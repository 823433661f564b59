import Foundation
import Testing

/// A broker that a test may stop, started with `scripts/kafka-broker`.
final class OwnBroker {
  static let isAvailable = ProcessInfo.processInfo.environment["KAFKA_HOME"] != nil

  let directory: URL
  let port: Int

  init() throws {
    directory = FileManager.default.temporaryDirectory.appending(path: Broker.unique("kafka-broker"))
    port = Int.random(in: 20_000..<28_000)
    try start()
  }

  deinit {
    try? stop()
    try? FileManager.default.removeItem(at: directory)
  }

  var address: String { "127.0.0.1:\(port)" }

  func start() throws { try run("start", directory.path, "--port", String(port)) }

  func stop() throws { try run("stop", directory.path) }

  private func run(_ arguments: String...) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let process = Process()
    process.executableURL = root.appending(path: "scripts/kafka-broker")
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
  }
}
