import CRdKafka
import Dispatch
import EventLog

/// Owns a librdkafka client: created in init, destroyed in deinit.
///
/// Unchecked: the handle may be used from any thread; `events` is touched only by the thread that serves the client's
/// queue. Nobody serves the queue of the shared query client.
final class Client: @unchecked Sendable {
  let handle: OpaquePointer
  let events: ClientEvents
  /// Set if librdkafka might never terminate: its threads are then left running instead of being waited for.
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
      // The threads that are left running may still call back.
      _ = Unmanaged.passRetained(events)
    } else {
      destroy()
    }
  }

  /// Milliseconds; librdkafka normally takes a few hundred.
  private static let patience = 10_000

  /// Destroys the handle on a thread of its own, since librdkafka 2.0.2 may wait forever for a consumer that was fenced as
  /// a static member and could not be closed. Such a client is abandoned.
  private func destroy() {
    // Only that thread uses these from now on.
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
