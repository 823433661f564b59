import CRdKafka
import EventLog

/// The callbacks of one librdkafka client, and what they have reported: deliveries, and errors.
///
/// Ownership: the `Client` owns this object, librdkafka has it as its opaque pointer, and the client destroys the handle
/// before it releases this object. Everything but `log` is touched only by callbacks from the client's queue, which run on
/// the polling thread; `log` may be called on any thread.
package final class ClientEvents {
  let log: @Sendable (String) -> Void
  /// Records that brokers have acknowledged since the last reset, each with its offset.
  package private(set) var delivered = 0
  /// Records that failed since the last reset, and why the first one did.
  package private(set) var failed = 0
  private(set) var firstFailure: rd_kafka_resp_err_t?
  /// A fatal error of the client, which is unusable from then on.
  private(set) var fatal: LogError?
  /// Called for each record with its error, if it failed. The message is valid only during the call.
  var reported: ((UnsafePointer<rd_kafka_message_t>, rd_kafka_resp_err_t?) -> Void)?
  /// Set by a group member while its consumer lives.
  var rebalanced: ((rd_kafka_resp_err_t, UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) -> Void)?

  package init(log: @escaping @Sendable (String) -> Void) {
    self.log = log
  }

  func resetDeliveries() {
    delivered = 0
    failed = 0
    firstFailure = nil
  }

  /// Registers the callbacks in `conf`.
  package func register(in conf: OpaquePointer, rebalances: Bool = false) {
    rd_kafka_conf_set_opaque(conf, Unmanaged.passUnretained(self).toOpaque())
    rd_kafka_conf_set_log_cb(conf) { client, level, facility, message in
      guard level <= 4, let facility, let message, let events = ClientEvents.of(client) else { return }
      // Properties of producers are passed to consumers too, and vice versa, so this warning is expected.
      guard String(cString: facility) != "CONFWARN" else { return }
      events.log("kafka: \(String(cString: message)) (\(String(cString: facility)))")
    }
    rd_kafka_conf_set_error_cb(conf) { client, code, _, _ in
      // Transient errors are in librdkafka's own log already.
      guard code == Int32(RD_KAFKA_RESP_ERR__FATAL.rawValue), let client else { return }
      ClientEvents.of(client)?.noteFatal(of: client)
    }
    rd_kafka_conf_set_dr_msg_cb(conf) { client, message, _ in
      guard let message, let events = ClientEvents.of(client) else { return }
      events.noteDelivery(message)
    }
    guard rebalances else { return }
    rd_kafka_conf_set_rebalance_cb(conf) { client, code, partitions, _ in
      guard let partitions else { return }
      ClientEvents.of(client)?.rebalanced?(code, partitions)
    }
  }

  /// Counts a record as delivered only if the broker reported its offset. librdkafka considers a failed request delivered
  /// if a later one succeeds, but brokers may accept the later request of a producer that they do not know yet, and the
  /// records of the first one are then lost (KAFKA-15591).
  private func noteDelivery(_ report: UnsafePointer<rd_kafka_message_t>) {
    let message = report.pointee
    let hasFailed = message.err != RD_KAFKA_RESP_ERR_NO_ERROR
    if !hasFailed, message.offset >= 0 {
      delivered += 1
      reported?(report, nil)
    } else {
      failed += 1
      let failure = hasFailed ? message.err : RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER
      firstFailure = firstFailure ?? failure
      reported?(report, failure)
    }
  }

  func noteFatal(of client: OpaquePointer) {
    var reason = [CChar](repeating: 0, count: 512)
    let code = rd_kafka_fatal_error(client, &reason, reason.count)
    guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
    fatal = LogError(
      LogError.Kind(code) == .unusable ? .unusable : .fatal, code: code.name, text(reason))
  }

  private static func of(_ client: OpaquePointer?) -> ClientEvents? {
    guard let client, let opaque = rd_kafka_opaque(client) else { return nil }
    return Unmanaged<ClientEvents>.fromOpaque(opaque).takeUnretainedValue()
  }
}
