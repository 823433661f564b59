import CRdKafka
import Dispatch
import EventLog

/// Owns a librdkafka client: created in init, destroyed in deinit.
///
/// Unchecked: the handle is safe to use from any thread; `events` is touched only by the one thread that
/// serves the client's queue (of the shared query client, whose queue nobody serves, by none).
final class Client: @unchecked Sendable {
  let handle: OpaquePointer
  let events: ClientEvents
  /// Set if librdkafka cannot be trusted to end: its threads are left running rather than waited for.
  var isAbandoned = false

  /// Takes ownership of `conf`.
  init(
    _ type: rd_kafka_type_t, conf: OpaquePointer, rebalances: Bool = false,
    log: @escaping @Sendable (String) -> Void
  ) throws(LogError) {
    let events = ClientEvents(log: log)
    events.register(in: conf, rebalances: rebalances)
    var message = [CChar](repeating: 0, count: 512)
    guard let handle = rd_kafka_new(type, conf, &message, message.count) else {
      rd_kafka_conf_destroy(conf)
      throw LogError(.unusable, code: "_INVALID_ARG", "Kafka client: \(text(message))")
    }
    self.handle = handle
    self.events = events
  }

  deinit {
    if isAbandoned {
      // The threads that are left running still call back.
      _ = Unmanaged.passRetained(events)
    } else {
      destroy()
    }
  }

  /// Milliseconds; librdkafka takes some hundred.
  private static let patience = 10_000

  /// Destroys the handle, on a thread of its own: librdkafka 2.0.2 may wait for ever for a consumer that was fenced as a
  /// static member, and could not be closed. Such a one is left behind.
  private func destroy() {
    // The thread alone has these from now on.
    nonisolated(unsafe) let (handle, events) = (handle, events)
    let isDone = DispatchSemaphore(value: 0)
    DispatchQueue(label: "rdkafka-destroy").async {
      // A consumer that was not closed must not call back while it is torn down.
      rd_kafka_destroy_flags(handle, Int32(RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE))
      withExtendedLifetime(events) {}
      isDone.signal()
    }
    if isDone.wait(timeout: .now() + .milliseconds(Self.patience)) == .timedOut {
      events.log("kafka: a client did not terminate in time; its threads are abandoned")
    }
  }

  /// Whether the library in use is older than this version.
  static func libraryIsOlder(than major: Int32, _ minor: Int32) -> Bool {
    rd_kafka_version() < major << 24 | minor << 16
  }
}
