import Contract
import EventLog
import Indicators
import Testing
import Topology

/// Partials that only a defect, or somebody else, can have written.
@Suite struct RankingTaskTests {
  private let context = RankingTask.Context(snapshotPartitions: 1, scalePartitions: 1)

  private func partial(_ rows: [(month: Int32, component: Component, value: Int64)]) -> PartnerPartial {
    var partial = PartnerPartial()
    partial.partnerID = "p"
    partial.cell = Cell()
    partial.newestEventTime = Timestamp(seconds: 1_700_000_000)
    partial.rows = rows.map { row in
      var values = ComponentValues()
      values[row.component] = row.value
      return MonthRow(month: row.month, values: values)
    }
    return partial
  }

  private func apply(_ partials: [PartnerPartial], to task: RankingTask) throws(LogError) {
    for partial in partials {
      try withRecord(partial) { record throws(LogError) in try task.apply(record) }
    }
  }

  private func withRecord(
    _ partial: PartnerPartial, offset: Int64 = 0,
    _ body: (UnsafeBufferPointer<Record>) throws(LogError) -> Void
  ) throws(LogError) {
    try partial.protobuf.span.withUnsafeBytes { value throws(LogError) in
      let record = Record(
        topic: .partnerPartials, partition: 0, offset: offset, timestamp: nil, key: nil, value: value)
      try InlineArray<1, Record>(repeating: record).span.withUnsafeBufferPointer(body)
    }
  }

  @Test func whatAppearsWhileTheEntityStageCatchesUpIsPublishedLater() throws {
    var machine = StageMachine<RankingTask>(policy: CommitPolicy())
    machine.isUpstreamBehind = true
    _ = machine.assign(
      0, Checkpoint(task: RankingTask(partition: 0, context), positions: [:]), committed: [:], now: 0)
    let input = TopicPartition(.partnerPartials, 0)
    func receive(_ offset: Int64, now: Int64) throws(LogError) {
      try withRecord(partial([(286, .customersAdded, 1)]), offset: offset) { record throws(LogError) in
        _ = try machine.receive(record, now: now)
      }
      try machine.reachEnd(of: input, at: offset + 1, now: now)
    }
    try receive(0, now: 0)
    #expect(!machine.isCommitDue(now: 119_999))
    #expect(machine.isCommitDue(now: 120_000))
    machine.isUpstreamBehind = false
    try receive(1, now: 60_000)
    #expect(!machine.isCommitDue(now: 60_999))
    #expect(machine.isCommitDue(now: 61_000))
  }

  @Test(arguments: [[5, 4], [5, 5], [.min], [.max], [.min, .max]])
  func refusesRowsInDisorderAndImpossibleMonths(months: [Int32]) throws {
    let task = RankingTask(partition: 0, context)
    let error = #expect(throws: LogError.self) {
      try apply([partial(months.map { ($0, .customersAdded, 1) })], to: task)
    }
    #expect(error?.kind == .unusable)
    #expect(task.chunks().all() == RankingTask(partition: 0, context).chunks().all())
  }

  @Test(arguments: [Int64.max, Int64.max / 12 + 1])
  func aRatioToAnAbsurdNumberOfSeatsIsUndefined(seats: Int64) throws {
    let task = RankingTask(partition: 0, context)
    var enrolment = PartnerPartial()
    enrolment.partnerID = "p"
    enrolment.eligible = [MonthRange(from: 0, until: nil)]
    try apply([enrolment, partial([(286, .assignedSeats, seats), (287, .billedMicros, 1)])], to: task)
    var outputs = OutputBatch()
    try task.drain(into: &outputs)
    var snapshots = 0
    outputs.forEach { record in
      guard record.topic == .indicatorSnapshots, let value = record.value,
        let snapshot = try? IndicatorSnapshot(protobuf: value)
      else { return }
      snapshots += 1
      #expect(snapshot[.mauPerAssignedSeat]?.value == nil)
    }
    #expect(snapshots > 0)
  }

  @Test(arguments: Component.allCases) func whatOnlyGrowsIsNeverNegative(component: Component) throws {
    let task = RankingTask(partition: 0, context)
    // A level stands as changes, of which the sum must not be negative.
    let partials = [partial([(286, component, 3)]), partial([(285, component, 3), (286, component, -4)])]
    if component.isLevel {
      try apply(partials, to: task)
      var outputs = OutputBatch()
      let error = #expect(throws: LogError.self) { try task.drain(into: &outputs) }
      #expect(error?.kind == .unusable && error?.code == "SUM_OUT_OF_RANGE")
      #expect(error?.message.contains(component.name) == true)
      #expect(error?.message.contains("\"p\"") == true)
    } else {
      let error = #expect(throws: LogError.self) { try apply(partials, to: task) }
      #expect(error?.kind == .unusable && error?.code == "BAD_PARTIAL")
    }
  }

  /// Partials of two sources, each of which fits.
  private func partials(_ amounts: [[(month: Int32, amount: Int64)]]) -> [PartnerPartial] {
    amounts.enumerated().map { source, amounts in
      var partial = partial(amounts.map { ($0.month, .creditedMicros, $0.amount) })
      partial.source = UInt32(source)
      return partial
    }
  }

  // Holds REL-15.
  @Test func aSumOverSourcesThatDoesNotFitIsAnError() throws {
    let task = RankingTask(partition: 0, context)
    let half = Int64.max / 2 + 1
    try apply(partials([[(286, half - 1)], [(286, half)]]), to: task)
    // One grows after the other has shrunk.
    try apply(partials([[(286, 5)], [(286, .max - 5)]]), to: task)
    var outputs = OutputBatch()
    try task.drain(into: &outputs)
    let error = #expect(throws: LogError.self) { try apply(partials([[(286, 6)]]), to: task) }
    #expect(error?.kind == .unusable && error?.code == "SUM_OUT_OF_RANGE")
    #expect(error?.message.contains("credited_micros of partner \"p\"") == true)
    // And whatever comes then.
    #expect(throws: LogError.self) { try task.drain(into: &outputs) }
    #expect(throws: LogError.self) { try apply(partials([[]]), to: task) }
  }

  @Test(arguments: [11 as Int32, 12]) func aSumOverTwelveMonthsThatDoesNotFitIsAnError(distance: Int32) throws
  {
    let task = RankingTask(partition: 0, context)
    // The middle one is in either trailing sum. Before them is what no published month sees.
    let (first, last) = (286 - distance, Int32(286))
    try apply(
      partials([[(first - 40, .max), (first, .max - 1), (first + 1, 1), (last, .max - 1)]]), to: task)
    var outputs = OutputBatch()
    guard distance < 12 else { return try task.drain(into: &outputs) }
    let error = #expect(throws: LogError.self) { try task.drain(into: &outputs) }
    #expect(error?.code == "SUM_OUT_OF_RANGE")
    #expect(error?.message.contains("credited_micros of partner \"p\"") == true)
  }

  private func drained(_ task: RankingTask) throws -> [String: [UInt8]?] {
    var outputs = OutputBatch()
    try task.drain(into: &outputs)
    var records: [String: [UInt8]?] = [:]
    outputs.forEach { record in
      let key = String(decoding: record.key.map(Array.init) ?? [], as: UTF8.self)
      records["\(record.topic) \(key)"] = .some(record.value.map(Array.init))
    }
    return records
  }

  @Test func whatIsPublishedAgainIsAllAndIsKnownToBePublished() throws {
    var enrolment = PartnerPartial()
    enrolment.partnerID = "p"
    enrolment.eligible = [MonthRange(from: 0, until: nil)]
    let first = [enrolment, partial([(286, .customersAdded, 1)])]
    let (calm, again) = (RankingTask(partition: 0, context), RankingTask(partition: 0, context))
    var all: [String: [UInt8]?] = [:]
    for task in [calm, again] {
      try apply(first, to: task)
      all = try drained(task)
    }
    #expect(all.count == 2)
    #expect(try drained(again).isEmpty)
    again.publishAgain()
    #expect(try drained(again) == all)
    // From then on both tell the same, also of what goes away.
    for next in [partial([(286, .customersAdded, 2)]), partial([])] {
      for task in [calm, again] { try apply([next], to: task) }
      let told = try drained(calm)
      #expect(!told.isEmpty)
      #expect(try drained(again) == told)
    }
  }
}
