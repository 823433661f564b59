import Contract
import EventImport
import EventLog
import Generator
import Glibc
import Platform

/// `generate`
struct GenerateCommand: Command {
  var log = LogSettings()
  var catalog = CatalogSettings()
  var market = MarketSettings()
  var rate: Double?
  var isInterleaved = false
  var output: String?

  static let words = ["generate"]
  static let summary = "generate events of a synthetic market of any size"
  static let description = """
    Generates partners, customers and their activity, and writes the events to the log: first entities and
    sales, then the usage actions in event-time order. Each record has its event's timestamp. The same options
    together with --until generate the same events on every machine. A SQLite log that does not exist is
    created.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + CatalogSettings.options(\.catalog) + MarketSettings.options(\.market) + [
      .value("rate", "R", "events per second (default: as fast as possible)", \.rate, .positive),
      .flag("interleave", "write all events in order of arrival, some of them late", \.isInterleaved),
      .value(
        "output", "FILE", "write NDJSON to this file instead of a log; '-' is standard output", \.output,
        .text
      ).replacing("data", "bootstrap-servers", "kafka-property", "topic-prefix"),
    ]
  }

  func check() throws(UsageError) {
    try log.check()
    if output != nil, log.isGiven { throw UsageError("--output cannot be combined with a log") }
    if output == nil { try market.checkIsPast(WallClock.now) }
  }

  func run(_ console: Console) throws {
    let generator = Generator(plan: market.plan(now: WallClock.now), catalog: try catalog.load())
    if let output {
      try writeListing(to: output, generator, console)
    } else {
      let writer = try EventWriter(try log.openForWriting(console))
      try feed(generator, console, flush: writer.flush, take: writer.append)
    }
  }

  private func writeListing(to path: String, _ generator: Generator, _ console: Console) throws {
    let descriptor = path == "-" ? STDOUT_FILENO : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure("cannot write \(path): \(SystemError())") }
    defer { if descriptor != STDOUT_FILENO { close(descriptor) } }
    var listing = EventListing(OutputBuffer(descriptor: descriptor))
    try feed(generator, console, flush: { try listing.flush() }, take: { try listing.append($0) })
  }

  /// Passes all events to `take`, at the requested rate.
  private func feed(
    _ generator: Generator, _ console: Console, flush: () throws -> Void,
    take: (GeneratedEvent) throws -> Void
  ) throws {
    let interruption = Interruption(console)
    var limiter = rate.map { RateLimiter(rate: $0) }
    var bar = ProgressBar("generating", on: console)
    defer { bar.end() }
    var counts = (events: 0, actions: Int64(0))
    try generator.generate(isInterleaved ? .interleaved : .entitiesFirst) { event in
      try take(event)
      counts.events += 1
      if event.topic == .usageActions { counts.actions += 1 }
      if let wait = limiter?.next() {
        try flush()
        interruption.stop.wait(for: wait)
      }
      guard limiter != nil || counts.events & 0x3ff == 0 else { return }
      bar.update(done: counts.actions, total: Int64(generator.plan.actions))
      if interruption.hasHappened {
        try flush()
        throw Failure("interrupted after \(counted(counts.events, "event"))")
      }
    }
    try flush()
    bar.end()
    console.log(
      .info, "\(counted(counts.events, "event")) generated, \(counts.actions) of them usage actions")
  }
}

extension EventWriter {
  func append(_ event: GeneratedEvent) throws(LogError) {
    try append(event.topic, key: event.key, value: event.value, timestamp: event.timestamp)
  }
}
