import CRdKafka
import EventLog

/// What librdkafka calls back about one client.
///
/// Ownership: the `Client` owns it, librdkafka borrows it as its opaque pointer, and the client destroys the
/// handle before it lets go of this. Everything but `log` is touched only from calls that serve the client's
/// queue, which librdkafka makes on the thread that polls; `log` may be called on any thread.
final class ClientEvents {
  let log: @Sendable (String) -> Void
  /// Records that the brokers have acknowledged since the last reset.
  var delivered = 0
  /// Records that failed since the last reset, and why the first one did.
  var failed = 0
  var firstFailure: rd_kafka_resp_err_t?
  /// A fatal error of the client; it is of no more use.
  private(set) var fatal: LogError?
  /// Set by a group member while its consumer lives.
  var rebalanced: ((rd_kafka_resp_err_t, UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) -> Void)?

  init(log: @escaping @Sendable (String) -> Void) {
    self.log = log
  }

  func resetDeliveries() {
    delivered = 0
    failed = 0
    firstFailure = nil
  }

  /// Makes `conf` call back here.
  func register(in conf: OpaquePointer, rebalances: Bool) {
    rd_kafka_conf_set_opaque(conf, Unmanaged.passUnretained(self).toOpaque())
    rd_kafka_conf_set_log_cb(conf) { client, level, facility, message in
      guard level <= 4, let facility, let message, let events = ClientEvents.of(client) else { return }
      // A property that only the other kind of client has is passed to both on purpose.
      guard String(cString: facility) != "CONFWARN" else { return }
      events.log("kafka: \(String(cString: message)) (\(String(cString: facility)))")
    }
    rd_kafka_conf_set_error_cb(conf) { client, code, _, _ in
      // What passes is in librdkafka's own log already.
      guard code == Int32(RD_KAFKA_RESP_ERR__FATAL.rawValue), let client else { return }
      ClientEvents.of(client)?.noteFatal(of: client)
    }
    rd_kafka_conf_set_dr_msg_cb(conf) { client, message, _ in
      guard let message, let events = ClientEvents.of(client) else { return }
      if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
        events.delivered += 1
      } else {
        events.failed += 1
        if events.firstFailure == nil { events.firstFailure = message.pointee.err }
      }
    }
    guard rebalances else { return }
    rd_kafka_conf_set_rebalance_cb(conf) { client, code, partitions, _ in
      guard let partitions else { return }
      ClientEvents.of(client)?.rebalanced?(code, partitions)
    }
  }

  func noteFatal(of client: OpaquePointer) {
    var reason = [CChar](repeating: 0, count: 512)
    let code = rd_kafka_fatal_error(client, &reason, reason.count)
    guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
    fatal = LogError(.fatal, code: code.name, text(reason))
  }

  private static func of(_ client: OpaquePointer?) -> ClientEvents? {
    guard let client, let opaque = rd_kafka_opaque(client) else { return nil }
    return Unmanaged<ClientEvents>.fromOpaque(opaque).takeUnretainedValue()
  }
}
