import Foundation
import HTTPServer
import KafkaLog
import Synchronization

/// What a sanitizer must report, and, for comparison, what it must not.
enum PlantedFault: String, CaseIterable {
  case useAfterFree = "use-after-free"
  case overflow
  case leak
  case race
  /// Our code, called by a thread of a library that is not instrumented.
  case raceInKafkaCallback = "race-in-kafka-callback"
  case raceInServerCallback = "race-in-server-callback"
  /// No fault.
  case lock
  /// No fault.
  case copy

  func commit() throws {
    switch self {
    case .useAfterFree: readAfterFree()
    case .overflow: readPastEnd()
    case .leak: loseMemory()
    case .race: countInTwoThreads()
    case .raceInKafkaCallback: try countInKafkaCallback()
    case .raceInServerCallback: try countInServerCallback()
    case .lock: countUnderLock()
    case .copy: changeWhatWasCopied()
    }
  }
}

private func readAfterFree() {
  let memory = UnsafeMutablePointer<Int>.allocate(capacity: 4)
  memory.initialize(repeating: 1, count: 4)
  print(memory[2])
  memory.deallocate()
  print(memory[2])
}

private func readPastEnd() {
  let memory = UnsafeMutablePointer<Int>.allocate(capacity: 4)
  memory.initialize(repeating: 1, count: 4)
  print(memory[CommandLine.arguments.count + 2])
  memory.deallocate()
}

@inline(never) private func loseMemory() {
  for size in 1...100 { print(UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)) }
}

/// A count that nothing guards.
private final class Count: @unchecked Sendable {
  var value = 0

  func grow() {
    for _ in 0..<2000 {
      value += 1
      usleep(1000)
    }
  }
}

private func inTwoThreads(_ body: @escaping @Sendable () -> Void) {
  let isDone = DispatchSemaphore(value: 0)
  for _ in 0..<2 {
    Thread.detachNewThread {
      body()
      isDone.signal()
    }
  }
  for _ in 0..<2 { isDone.wait() }
}

private func countInTwoThreads() {
  let count = Count()
  inTwoThreads { count.grow() }
  print(count.value)
}

private func countInKafkaCallback() throws {
  let count = Count()
  // Nobody listens there, which librdkafka's threads report.
  let log = try KafkaLog(bootstrapServers: "127.0.0.1:1", log: { _ in count.value += 1 })
  count.grow()
  withExtendedLifetime(log) { print(count.value) }
}

private func countInServerCallback() throws {
  let count = Count()
  let server = try Server(ListenAddress(host: "127.0.0.1", port: 0)) { _ in
    count.value += 1
    return Response(200, "text/plain", [])
  }
  let address = "http://127.0.0.1:\(server.address.port)/"
  let client = Process()
  client.executableURL = URL(filePath: "/usr/bin/env")
  client.arguments = ["python3", "-c", "import urllib.request as u; u.urlopen('\(address)')"]
  try client.run()
  count.grow()
  client.waitUntilExit()
  server.stop()
  print(count.value)
}

private func countUnderLock() {
  let count = Mutex(0)
  inTwoThreads {
    for _ in 0..<2000 {
      count.withLock {
        $0 += 1
        // So that the other one has to wait.
        if $0 % 8 == 0 { usleep(100) }
      }
    }
  }
  print(count.withLock { $0 })
}

/// Copies of an array are read outside of its lock, and it is changed in place once they are gone. Nothing but the count of
/// references orders that.
private func changeWhatWasCopied() {
  let numbers = Mutex(Array(0..<1000))
  inTwoThreads {
    for _ in 0..<200 {
      let copy = numbers.withLock { $0 }
      precondition(copy.count == 1000 && copy.reduce(0, +) > 0)
      usleep(1000)
      numbers.withLock { for index in $0.indices { $0[index] += 1 } }
    }
  }
}
