import EventLog
import KafkaLog
import Synchronization
import Testing

/// Needs no broker: a client connects in the background.
@Suite struct KafkaLogConfigurationTests {
  private func open(_ properties: [(String, String)], log: @escaping @Sendable (String) -> Void = { _ in })
    throws
  {
    _ = try KafkaLog(bootstrapServers: "127.0.0.1:1", properties: properties, log: log)
  }

  @Test(arguments: [
    "isolation.level", "enable.auto.commit", "transactional.id", "group.id", "acks", "bootstrap.servers",
    "enable.idempotence", "auto.offset.reset", "enable.partition.eof",
  ])
  func ownPropertyCannotBeSet(name: String) throws {
    let error = #expect(throws: LogError.self) { try open([(name, "1")]) }
    #expect(error?.kind == .unusable)
    #expect(error?.message.contains("\"\(name)\"") == true)
  }

  @Test(arguments: [
    ("no.such.property", "1", "_UNKNOWN_PROPERTY"), ("session.timeout.ms", "soon", "_INVALID_ARG"),
    ("compression.type", "rar", "_INVALID_ARG"), ("fetch.wait.max.ms", "-7", "_INVALID_ARG"),
  ])
  func badPropertyIsNamed(name: String, value: String, code: String) throws {
    let error = #expect(throws: LogError.self) { try open([(name, value)]) }
    #expect(error?.code == code)
    #expect(error?.message.contains("\"\(name)\"") == true)
  }

  @Test func propertiesOfBothKindsOfClientAreTakenInSilence() throws {
    let lines = Mutex<[String]>([])
    let properties = [("linger.ms", "7"), ("fetch.wait.max.ms", "70"), ("compression.type", "gzip")]
    let log = try KafkaLog(
      bootstrapServers: "127.0.0.1:1", properties: properties,
      log: { line in lines.withLock { $0.append(line) } })
    _ = try log.writer()
    #expect(lines.withLock { $0.filter { $0.contains("property") } } == [])
  }

  @Test func propertiesThatDoNotGoTogetherAreAnError() {
    let error = #expect(throws: LogError.self) {
      try open([
        ("sasl.mechanism", "PLAIN"), ("security.protocol", "sasl_plaintext"), ("sasl.username", "u"),
        ("ssl.ca.location", "/nowhere"), ("fetch.max.bytes", "1000"), ("message.max.bytes", "2000"),
      ])
    }
    #expect(error?.kind == .unusable)
  }
}
