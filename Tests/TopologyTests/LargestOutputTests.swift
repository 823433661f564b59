import Contract
import EventLog
import Indicators
import Testing
import Topology

/// No accepted event makes an output that cannot be written.
@Suite struct LargestOutputTests {
  private let longest = String(repeating: "x", count: EventLimits.id)

  private var cell: Cell { Cell(product: longest, workload: longest, country: "FR") }

  private func greatest() -> ComponentValues {
    var values = ComponentValues()
    for component in Component.allCases { values[component] = .max }
    return values
  }

  /// A partial with the longest ids and the largest numbers.
  private func partial() -> PartnerPartial {
    var partial = PartnerPartial()
    (partial.source, partial.partnerID) = (.max, longest)
    partial.newestEventTime = Timestamp(seconds: Timestamp.validSeconds.upperBound, nanos: 999_999_999)
    return partial
  }

  private func expectFits(
    _ key: String, _ value: [UInt8], _ topic: Topic, as format: OutputFormat = .protobuf,
    atLeast share: Double
  ) {
    let size = key.utf8.count + value.count
    let bound = LargestOutput.size(of: topic, as: format)
    #expect(size <= bound)
    // Nor is the bound far from it.
    #expect(Double(size) > share * Double(bound))
    // What brokers and librdkafka take by themselves is enough.
    #expect(bound < 900_000)
  }

  // Holds REL-41, SEM-67.
  @Test func contributions() {
    var partial = partial()
    partial.cell = cell
    // As many months as there may be, the last of them in the year 9999.
    partial.rows = (0..<Int32(EntityState.longestContribution)).map {
      MonthRow(month: 95_999 - $0, values: greatest())
    }.reversed()
    let key = PartialKey.contribution(source: .max, partnerID: longest, cell: cell).text
    let size = key.utf8.count + partial.protobuf.count
    // The enrolment below is larger still.
    #expect(size < LargestOutput.size(of: .partnerPartials))
    #expect(size > 100_000)
  }

  @Test func enrolments() {
    var partial = partial()
    partial.eligible = (0..<48_000).map { MonthRange(from: 2 * $0, until: 2 * $0 + 1) }
    expectFits(
      PartialKey.enrolment(partnerID: longest).text, partial.protobuf, .partnerPartials, atLeast: 0.6)
  }

  private func snapshot(_ id: String, _ number: Double) -> IndicatorSnapshot {
    var snapshot = IndicatorSnapshot()
    snapshot.cell = Cell(product: id, workload: id, country: "FR")
    (snapshot.partnerID, snapshot.month) = (id, "9999-12")
    for kind in IndicatorKind.allCases {
      snapshot[kind] = Indicator(value: number, previous: number, trend: Trend(rawValue: -1), bar: .min)
    }
    snapshot.components = greatest()
    snapshot.asOf = Timestamp(seconds: Timestamp.validSeconds.upperBound, nanos: 999_999_999)
    return snapshot
  }

  // Holds SEM-67.
  @Test func snapshots() {
    let snapshot = snapshot(longest, .pi)
    expectFits(snapshot.key, snapshot.protobuf, .indicatorSnapshots, atLeast: 0.9)
  }

  // Holds SEM-67.
  @Test func scales() {
    let scale = scale(cell, .pi)
    expectFits(scale.key, scale.protobuf, .indicatorScales, atLeast: 0.7)
  }

  /// The longest way to write a text is by its control characters, and that of numbers by these.
  @Test func json() {
    let escaped = String(repeating: "\u{1}", count: EventLimits.id)
    let number = -2.2250738585072014e-308
    let frame = ConfluentFrame.bytes(schema: .max)
    let encoding = ResultEncoding(.confluentJSON, snapshotFrame: frame, scaleFrame: frame)
    var bytes: [UInt8] = []
    let snapshot = snapshot(escaped, number)
    encoding.encode(snapshot, into: &bytes)
    expectFits(snapshot.key, bytes, .indicatorSnapshots, as: .confluentJSON, atLeast: 0.9)
    bytes = []
    let scale = scale(Cell(product: escaped, workload: escaped, country: "FR"), number)
    encoding.encode(scale, into: &bytes)
    expectFits(scale.key, bytes, .indicatorScales, as: .confluentJSON, atLeast: 0.8)
  }

  private func scale(_ cell: Cell, _ number: Double) -> IndicatorScale {
    var scale = IndicatorScale()
    (scale.cell, scale.month) = (cell, "9999-12")
    scale.scales = IndicatorKind.allCases.map { kind in
      var scale = IndicatorScale.Scale()
      (scale.indicator, scale.partners) = (kind.name, .max)
      scale.bars = (1...4).map { IndicatorScale.Bar(bar: $0, partners: .max, min: number, max: number) }
      return scale
    }
    return scale
  }

  private func apply<M: InputMessage>(_ events: [M], to task: EntityTask) throws {
    for event in events {
      try event.key.withUTF8Bytes { key in
        try event.protobuf.withUnsafeBytes { value in
          let record = Record(topic: M.topic, partition: 0, offset: 0, timestamp: nil, key: key, value: value)
          try withUnsafePointer(to: record) { try task.apply(UnsafeBufferPointer(start: $0, count: 1)) }
        }
      }
    }
  }

  /// A month of 2000 or later, as a time in its middle.
  private func time(_ month: Int) -> Timestamp {
    Timestamp(seconds: Month(index: Int32(month)).firstSecond + 14 * 86_400)
  }

  @Test func aPartnerWhosePeoplesPassesEndInEveryMonthOfACenturyFits() throws {
    let workload = Catalog.Workload(id: longest, name: longest, exams: [longest])
    let catalog = try Catalog(
      reportingCurrency: "EUR", excludedPartnerCountries: [],
      products: [Catalog.Product(id: longest, name: longest, workloads: [workload])])
    let task = EntityTask(
      partition: 0,
      EntityTask.Context(
        catalog: catalog, inputPartitions: 1, partialPartitions: 1, rejectedPartitions: 1))
    let passed = 51
    for person in 0..<1_300 {
      var pass = ExamPass<String>()
      (pass.personID, pass.exam) = ("\(person)", longest)
      (pass.passedAt, pass.expiresAt) = (time(passed - person % 50), time(passed + person))
      var affiliation = Affiliation<String>()
      (affiliation.personID, affiliation.partnerID, affiliation.country) = ("\(person)", longest, "FR")
      affiliation.effectiveAt = time(0)
      try apply([affiliation], to: task)
      try apply([pass], to: task)
    }
    #expect(task.takeCounts().refused.isEmpty)
    var outputs = OutputBatch()
    try task.drain(into: &outputs)
    var rows: [Int] = []
    outputs.forEach { record in
      guard let value = record.value, let partial = try? PartnerPartial(protobuf: value) else { return }
      rows.append(partial.rows.count)
      #expect((record.key?.count ?? 0) + value.count < LargestOutput.size(of: .partnerPartials))
    }
    #expect((rows.max() ?? 0) > 1_190 && (rows.max() ?? 0) <= EntityState.longestContribution)
  }
}
