import Contract
import EventLog
import FactStore
import Indicators
import Platform
import SQLiteLog
import SnapshotView
import Topology

/// `explain`
struct ExplainCommand: Command {
  enum Format: String, CaseIterable {
    case text
    case json
  }

  var partnerID = ""
  var log = LogSettings()
  var catalog = CatalogSettings()
  var factStore = FactStoreSettings()
  var month: String?
  var cell = Cell()
  var indicator: IndicatorKind?
  var customer = ""
  var against: String?
  var since: Timestamp?
  var isHistory = false
  var unit: NumberHistory.Page.Unit?
  var format = Format.text

  static let words = ["explain"]
  static let summary = "explain a partner's numbers by the events behind them"
  static let operands = "PARTNER"
  static let description = """
    Reads all events and lists those that concern the partner: the facts that count in the month under the
    given filters, with what each adds, and those that do not count, each with its reason. The facts that
    count add up to the components of the partner's snapshot. A warning is logged if the snapshot was computed
    from other input, or if the log no longer has its oldest events. With --against or --since it lists what
    makes the difference instead: facts that came in, left the window, changed owner, arrived or were corrected.
    With --history it lists when what is published for the month changed, from what to what and by which facts,
    by the timestamps of records; the newest first. With --fact-store only new events are read, and then the
    partner's; the snapshot is not compared.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + CatalogSettings.options(\.catalog) + FactStoreSettings.options(\.factStore)
      + [
        .value(
          "month", "M", "the month, such as 2026-11 (default: the month of the newest event)", \.month, .month
        ),
        .value("product", "P", "only this product", \.cell.product, .anyText),
        .value("workload", "W", "only this workload of the product", \.cell.workload, .anyText),
        .value("country", "C", "only this country, such as FR", \.cell.country, .country),
        .value(
          "indicator", "NAME", "only this indicator, such as net_new_revenue (default: all)", \.indicator,
          .indicator),
        .value("customer", "ID", "only the facts of this customer", \.customer, .anyText),
        .value(
          "against", "M", "explain the difference from another month, such as 2026-10", \.against, .month
        ).replacing("since"),
        .value(
          "since", "TIME",
          "explain the difference from what was known at a moment, such as 2026-11-05T10:00:00Z", \.since,
          .instant
        ).replacing("against"),
        .flag("history", "list when the month's numbers changed, and why", \.isHistory),
        .value(
          "by", "UNIT", "unit of time of --history: day, hour, minute or arrival (default: day)",
          \.unit, .oneOf("day, hour, minute or arrival")),
        .value("format", "FORM", "output format, text or json (default: text)", \.format, .oneOf()),
      ]
  }

  mutating func take(_ operands: [String]) throws(UsageError) {
    guard let first = operands.first, !first.isEmpty else { throw UsageError("PARTNER is missing") }
    guard operands.count == 1 else { throw UsageError("unexpected argument '\(operands[1])'") }
    partnerID = first
  }

  func check() throws(UsageError) {
    try log.check()
    if !cell.workload.isEmpty, cell.product.isEmpty { throw UsageError("--workload needs --product") }
    if against != nil, since != nil { throw UsageError("--against and --since exclude each other") }
    if unit != nil, !isHistory { throw UsageError("--by needs --history") }
    if isHistory, against != nil || since != nil || !customer.isEmpty {
      throw UsageError("--history excludes --against, --since and --customer")
    }
  }

  func run(_ console: Console) throws {
    let (eventLog, generations) = try log.openWithGenerations(.reading, console)
    let catalog = try catalog.load()
    try generations.check(
      eventLog.generation, try PartitionCounts(of: eventLog, Topic.inputs).readersDefinition(catalog))
    let reader = FactReader(log: eventLog, catalog: catalog)
    let source = try filledStore(of: eventLog, catalog, console) ?? reader
    if isHistory { return try printHistory(source, eventLog, catalog, reader, console) }
    let books = try source.books(of: partnerID, at: [nil] + moments, isCancelled: { false })
    guard let books, let book = books.first, let former = books.last else { return }
    let month = month.flatMap { Month($0) } ?? book.clock.currentMonth
    let query = ExplanationQuery(cell: cell, month: month, indicator: indicator)
    guard book.clock.newest != nil else { throw Failure("\(log.place) has no events") }
    let difference = comparison.flatMap { book.difference(query, from: $0, former: former) }
    guard let explanation = difference?.after ?? book.explain(query) else { throw unknownCell }
    let currency = book.catalog.reportingCurrency
    if let difference {
      let shown = customer.isEmpty ? difference : difference.of(customer: customer)
      try print(DifferenceText(shown, currency: currency).text, console) {
        shown.write(to: &$0, of: customer)
      }
    } else {
      let shown = customer.isEmpty ? explanation : explanation.of(customer: customer)
      try print(ExplanationText(shown, currency: currency).text, console) {
        shown.write(to: &$0, of: customer)
      }
    }
    try warnOfMissingHistory(reader, console)
    // The comparison reads the whole result, which the fact store is to avoid.
    if factStore.path == nil {
      let (total, components) = (explanation.total, explanation.components)
      try compare(total, components, explanation.standing, in: explanation.month, with: eventLog, console)
    }
  }

  private var unknownCell: Failure {
    Failure("the catalog has no workload '\(cell.workload)' of a product '\(cell.product)'")
  }

  private func printHistory(
    _ source: any FactSource, _ eventLog: any EventLog, _ catalog: Catalog, _ reader: FactReader,
    _ console: Console
  ) throws {
    guard let events = try source.events(of: partnerID, isCancelled: { false }) else { return }
    guard let newest = events.newestMonth else { throw Failure("\(log.place) has no events") }
    let month = month.flatMap { Month($0) } ?? newest
    let query = ExplanationQuery(cell: cell, month: month, indicator: indicator)
    guard let history = events.history(query, NumberHistory.Page(by: unit ?? .day)) else { throw unknownCell }
    try print(HistoryText(history, currency: catalog.reportingCurrency).text, console) {
      history.write(to: &$0)
    }
    try warnOfMissingHistory(reader, console)
    guard factStore.path == nil else { return }
    let figures = history.newest
    try compare(
      figures.total, history.components, figures.standing, in: month, with: eventLog, console)
  }

  /// Prints an answer in the requested format.
  private func print(
    _ text: @autoclosure () -> String, _ console: Console, json write: (inout JSONWriter) -> Void
  ) throws {
    switch format {
    case .text: try console.print(text())
    case .json:
      var json = JSONWriter()
      write(&json)
      try console.write(json.bytes + [UInt8(ascii: "\n")])
    }
  }

  /// The fact store, if there is one, after adding the log's new events.
  private func filledStore(
    of eventLog: any EventLog, _ catalog: Catalog, _ console: Console
  ) throws -> (any FactSource)? {
    guard let store = try factStore.open(eventLog, catalog, console) else { return nil }
    _ = try store.follower.catchUp { false }
    return store.facts
  }

  private var comparison: ExplanationQuery.Comparison? {
    against.flatMap { Month($0) }.map { .month($0) } ?? since.map { .moment($0.milliseconds) }
  }

  private var moments: [Int64?] { comparison?.moment.map { [$0] } ?? [] }

  private func warnOfMissingHistory(_ reader: FactReader, _ console: Console) throws {
    let missing = try reader.missingHistory().map { "\($0.partition) begins at offset \($0.beginning)" }
    guard !missing.isEmpty else { return }
    console.log(
      .warning,
      "the log no longer has its oldest events, so this explanation is incomplete: "
        + missing.joined(separator: ", "))
  }

  /// Warns if the published snapshot has other numbers.
  private func compare(
    _ total: ComponentValues, _ components: [Component], _ standing: Explanation.Standing, in month: Month,
    with eventLog: any EventLog, _ console: Console
  ) throws {
    guard standing == .published else { return }
    let follower = try SnapshotFollower(eventLog)
    while try !follower.poll(timeout: 100) {}
    let key = SnapshotKey(partnerID: partnerID, cell: cell, month: month.description)
    let published = follower.view.snapshot(of: key)?.components ?? Components()
    for component in components where published[component] != total[component] {
      console.log(
        .warning,
        "\(component.name) is published as \(published[component]) and explained as \(total[component]): "
          + "the aggregator has read other events or used another catalog")
    }
  }
}

extension OptionValue<IndicatorKind> {
  fileprivate static var indicator: Self {
    let names = IndicatorKind.allCases.map(\.name)
    return OptionValue(expectation: "one of \(names.joined(separator: ", "))", choices: names) {
      IndicatorKind(name: $0)
    }
  }
}

extension OptionValue<Timestamp> {
  fileprivate static var instant: Self {
    OptionValue(expectation: "an instant such as 2026-11-05T10:00:00Z") { text in
      text.withUTF8Bytes { Timestamp(rfc3339: $0) }
    }
  }
}
