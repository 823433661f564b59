/// librdkafka properties of our consumers.
enum ConsumerSettings {
  /// What the commit protocol depends on, and that missing records are an error instead of being skipped.
  static let required: [(name: String, value: String)] = [
    ("isolation.level", "read_committed"),
    ("enable.auto.commit", "false"),
    ("enable.auto.offset.store", "false"),
    ("enable.partition.eof", "true"),
    ("auto.offset.reset", "error"),
    ("allow.auto.create.topics", "false"),
  ]

  /// Large fetches for throughput, at most about 64 MB of records queued, and short waits at the end of a partition, since
  /// a partition that is added or repositioned waits for the fetch in progress.
  static let defaults: [(name: String, value: String)] = fetching + backoff

  /// How soon to check whether a full queue has room again; before 2.2 librdkafka checks once a second.
  private static let backoff: [(name: String, value: String)] =
    Client.libraryIsOlder(than: 2, 2) ? [] : [("fetch.queue.backoff.ms", "10")]

  private static let fetching: [(name: String, value: String)] = [
    ("fetch.wait.max.ms", "100"),
    ("fetch.error.backoff.ms", "100"),
    ("fetch.message.max.bytes", "1048576"),
    ("fetch.max.bytes", "16777216"),
    ("queued.min.messages", "300000"),
    ("queued.max.messages.kbytes", "65536"),
  ]

  static let memberDefaults: [(name: String, value: String)] = [
    ("partition.assignment.strategy", "cooperative-sticky"),
    ("session.timeout.ms", "10000"),
    ("heartbeat.interval.ms", "500"),
    ("max.poll.interval.ms", "300000"),
  ]
}
