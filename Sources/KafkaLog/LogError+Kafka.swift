import CRdKafka
import EventLog

extension LogError {
  /// The error of librdkafka's `code`, with its name as the code.
  init(_ code: rd_kafka_resp_err_t, _ message: String) {
    self.init(Kind(code), code: code.name, message + (code.remedy.map { "; \($0)" } ?? ""))
  }

  /// The error of librdkafka's `code`, with what was being done before librdkafka's description.
  init(_ code: rd_kafka_resp_err_t, doing what: String) {
    self.init(code, "\(what): \(String(cString: rd_kafka_err2str(code)))")
  }
}

extension LogError {
  /// Whether another producer or member has taken over.
  var isFencing: Bool { Self.fencing.contains { $0.name == code } }

  private static var fencing: [rd_kafka_resp_err_t] {
    [
      RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_PRODUCER_FENCED, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH,
      RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID,
    ]
  }
}

extension rd_kafka_resp_err_t {
  /// A remedy, where librdkafka's message suggests none.
  fileprivate var remedy: String? {
    self == RD_KAFKA_RESP_ERR__BAD_COMPRESSION
      ? "if a batch is larger than receive.message.max.bytes when decompressed, raise that Kafka property"
      : nil
  }

  /// Such as `_FENCED`.
  var name: String { String(cString: rd_kafka_err2name(self)) }

  /// Whether a topic or partition does not exist, or has no known leader for now, as while its broker restarts.
  var saysUnknown: Bool {
    [
      RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
      RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
    ].contains(self)
  }

  /// Whether librdkafka handles it itself (it reconnects and retries forever), so that it is only logged.
  var isPassing: Bool {
    switch self {
    case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
      RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, RD_KAFKA_RESP_ERR__WAIT_COORD,
      RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
      RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
      RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
      RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH, RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH,
      RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR:
      true
    default: false
    }
  }
}

extension LogError.Kind {
  init(_ code: rd_kafka_resp_err_t) {
    switch code {
    case RD_KAFKA_RESP_ERR__FATAL, RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID,
      RD_KAFKA_RESP_ERR_PRODUCER_FENCED, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, RD_KAFKA_RESP_ERR__DESTROY:
      self = .fatal
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE,
      RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
      RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION,
      RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, RD_KAFKA_RESP_ERR__AUTHENTICATION,
      RD_KAFKA_RESP_ERR__SSL, RD_KAFKA_RESP_ERR_INVALID_CONFIG, RD_KAFKA_RESP_ERR_POLICY_VIOLATION,
      RD_KAFKA_RESP_ERR_INVALID_PARTITIONS, RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR,
      RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT, RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT,
      RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL, RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION,
      RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
      RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE, RD_KAFKA_RESP_ERR_INVALID_RECORD,
      RD_KAFKA_RESP_ERR__INVALID_ARG, RD_KAFKA_RESP_ERR__BAD_MSG, RD_KAFKA_RESP_ERR__BAD_COMPRESSION,
      RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED, RD_KAFKA_RESP_ERR_INVALID_MSG:
      // Continuing past a record that cannot be read would silently count too little.
      self = .unusable
    default:
      self = .retriable
    }
  }
}

/// A librdkafka error object, read and destroyed.
struct KafkaFailure {
  let code: rd_kafka_resp_err_t
  let reason: String
  let isFatal: Bool
  let isRetriable: Bool
  let requiresAbort: Bool

  /// Takes ownership of `error`; nil means success.
  init?(_ error: OpaquePointer?) {
    guard let error else { return nil }
    code = rd_kafka_error_code(error)
    reason = String(cString: rd_kafka_error_string(error))
    isFatal = rd_kafka_error_is_fatal(error) != 0
    isRetriable = rd_kafka_error_is_retriable(error) != 0
    requiresAbort = rd_kafka_error_txn_requires_abort(error) != 0
    rd_kafka_error_destroy(error)
  }

  func logError(doing what: String) -> LogError {
    let ofCode = LogError.Kind(code)
    // What needs an operator keeps that kind, whatever it means for the transaction or the client.
    let kind: LogError.Kind =
      ofCode == .unusable && !isRetriable
      ? .unusable : isFatal ? .fatal : requiresAbort ? .abortable : isRetriable ? .retriable : ofCode
    return LogError(kind, code: code.name, "\(what): \(reason)")
  }
}
