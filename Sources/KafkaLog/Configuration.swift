import CRdKafka
import EventLog

/// The properties of a log's clients: our defaults, which the user may override; the user's; and those that the commit
/// protocol requires.
struct Configuration: Sendable {
  let bootstrapServers: String
  let properties: [(name: String, value: String)]

  /// Throws an `unusable` error that names a property which is unknown, has an invalid value or must not be set by the
  /// user.
  init(bootstrapServers: String, properties: [(String, String)]) throws(LogError) {
    self.bootstrapServers = bootstrapServers
    self.properties = properties.map { (name: $0.0, value: $0.1) }
    for (name, _) in self.properties where Self.reserved.contains(name) {
      throw LogError(
        .unusable, code: "_INVALID_ARG",
        "Kafka property \"\(name)\" cannot be set: the program sets it, since exactly-once processing depends on it"
      )
    }
    // Sets every property once, so that an invalid one is reported now and not when a member joins.
    rd_kafka_conf_destroy(try clientConfiguration(defaults: [], required: []))
  }

  /// A configuration object for one client, which the caller owns. Of properties with the same name the last one applies.
  func clientConfiguration(
    defaults: [(name: String, value: String)], required: [(name: String, value: String)]
  ) throws(LogError) -> OpaquePointer {
    guard let conf = rd_kafka_conf_new() else {
      throw LogError(.fatal, code: "_FAIL", "not enough memory for a client's configuration")
    }
    let servers = [(name: "bootstrap.servers", value: bootstrapServers)]
    for (name, value) in Self.common + defaults + properties + servers + required {
      var message = [CChar](repeating: 0, count: 512)
      let outcome = rd_kafka_conf_set(conf, name, value, &message, message.count)
      guard outcome == RD_KAFKA_CONF_OK else {
        rd_kafka_conf_destroy(conf)
        throw LogError(
          .unusable, code: outcome == RD_KAFKA_CONF_UNKNOWN ? "_UNKNOWN_PROPERTY" : "_INVALID_ARG",
          "Kafka property \"\(name)\": \(text(message))")
      }
    }
    return conf
  }

  /// The effective value of an integer property, if the user has set it.
  func integer(_ name: String) -> Int? {
    properties.last { $0.name == name }.flatMap { Int($0.value) }
  }

  private static let common: [(name: String, value: String)] = [
    // Brokers close idle connections all the time.
    ("log.connection.close", "false"),
    ("client.id", "partner-pulse"),
    ("topic.metadata.refresh.interval.ms", "60000"),
  ]

  /// What the commit protocol depends on, under all names that librdkafka has for it.
  private static let reserved: Set<String> = [
    "bootstrap.servers", "metadata.broker.list", "group.id", "group.instance.id", "group.protocol",
    "group.remote.assignor", "transactional.id", "enable.idempotence", "enable.gapless.guarantee", "acks",
    "request.required.acks", "isolation.level", "enable.auto.commit", "auto.commit.enable",
    "enable.auto.offset.store", "offset.store.method", "enable.partition.eof", "auto.offset.reset",
    "delivery.report.only.error", "allow.auto.create.topics", "log.queue", "topic.blacklist",
  ]
}

/// The text of a C buffer up to the first zero byte.
func text(_ buffer: [CChar]) -> String {
  String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
