import Contract
import EventLog
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
      let outcome: Result<Void, LogError> = partial.protobuf.withUnsafeBytes { value in
        let record = Record(
          topic: .partnerPartials, partition: 0, offset: 0, timestamp: nil, key: nil, value: value)
        return withUnsafePointer(to: record) { pointer in
          do throws(LogError) {
            return .success(try task.apply(UnsafeBufferPointer(start: pointer, count: 1)))
          } catch {
            return .failure(error)
          }
        }
      }
      try outcome.get()
    }
  }

  @Test(arguments: [[5, 4], [5, 5], [.min], [.max], [.min, .max]])
  func refusesRowsInDisorderAndImpossibleMonths(months: [Int32]) throws {
    let task = RankingTask(partition: 0, context)
    let error = #expect(throws: LogError.self) {
      try apply([partial(months.map { ($0, .customersAdded, 1) })], to: task)
    }
    #expect(error?.kind == .unusable)
    #expect(task.encode() == RankingTask(partition: 0, context).encode())
  }

  @Test(arguments: [Int64.max, .min, -1, .max / 12 + 1])
  func aRatioToAnAbsurdNumberOfSeatsIsUndefined(seats: Int64) throws {
    let task = RankingTask(partition: 0, context)
    var enrolment = PartnerPartial()
    enrolment.partnerID = "p"
    enrolment.eligible = [MonthRange(from: 0, until: nil)]
    try apply([enrolment, partial([(286, .assignedSeats, seats), (287, .billedMicros, 1)])], to: task)
    var outputs = OutputBatch()
    task.drain(into: &outputs)
    var snapshots = 0
    outputs.forEach { record in
      guard record.topic == .indicatorSnapshots, let value = record.value,
        let snapshot = try? IndicatorSnapshot(protobuf: value)
      else { return }
      snapshots += 1
      #expect(snapshot.mauPerAssignedSeat?.value == nil)
    }
    #expect(snapshots > 0)
  }
}
