import Contract
import EventLog
import Indicators

/// A task of the entity stage: applies records of one partition to an `EntityState` and emits partials.
package final class EntityTask: StageTask {
  package struct Context: Sendable {
    var catalog: Catalog
    var inputPartitions: Int32
    var partialPartitions: Int32
    var rejectedPartitions: Int32
    /// The largest record of `rejected-events` in bytes, as `EventLog.largestRecord` counts them.
    var largestRejected: Int
    /// Nil if schemas are not checked.
    var inputSchemas: (any InputSchemas)?

    package init(
      catalog: Catalog, inputPartitions: Int32, partialPartitions: Int32, rejectedPartitions: Int32,
      largestRejected: Int = .max, inputSchemas: (any InputSchemas)? = nil
    ) {
      self.catalog = catalog
      self.inputPartitions = inputPartitions
      self.partialPartitions = partialPartitions
      self.rejectedPartitions = rejectedPartitions
      self.largestRejected = largestRejected
      self.inputSchemas = inputSchemas
    }
  }

  private struct Drain {
    /// Whether it tells all ranking tasks of a new month.
    var hasNewMonth: Bool
    /// Partitions of `partner-partials` that it writes tombstones to.
    var tombstonePartitions: Set<Int32> = []
  }

  package static var stage: Stage { .entity }

  package let state: EntityState
  private let partition: Int32
  private let context: Context
  /// The current month that was last written to the ranking tasks.
  private var writtenMonth: Month
  private var rejected = OutputBatch()
  /// Set between the first and the last part of a drain.
  private var drain: Drain?
  private var counts = StageCounts()
  private var commitCount = 0
  private var expiredBefore = 0

  package init(partition: Int32, _ context: Context) {
    self.partition = partition
    self.context = context
    state = EntityState(
      catalog: context.catalog, placement: Placement(partition, of: context.inputPartitions))
    writtenMonth = .distantPast
  }

  package init(partition: Int32, _ context: Context, chunks: [[UInt8]]) throws {
    self.partition = partition
    self.context = context
    state = try EntityState(
      catalog: context.catalog, placement: Placement(partition, of: context.inputPartitions), chunks: chunks)
    writtenMonth = state.clock.currentMonth
    expiredBefore = state.expiredCount
  }

  package func apply(_ run: UnsafeBufferPointer<Record>) throws(LogError) {
    precondition(drain == nil, "applied in the middle of a drain")
    // Before a record is applied: the registry may not answer, and the whole run is then read again.
    let unknown = try context.inputSchemas.map { (schemas) throws(LogError) in try schemas.unknown(in: run) }
    counts.records += run.count
    var start = 0
    for index in unknown ?? [] {
      applyKnown(run, start..<index)
      reject(run[index], .unknownSchema)
      start = index + 1
    }
    applyKnown(run, start..<run.count)
    try checkSums()
  }

  private func applyKnown(_ run: UnsafeBufferPointer<Record>, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    let records = UnsafeBufferPointer(rebasing: run[range])
    state.apply(records) { reject(records[$0], $1) }
  }

  private func checkSums() throws(LogError) {
    if let sum = state.sumOutOfRange { throw .sumOutOfRange(sum) }
  }

  package static let maxHeldBytes = 64 << 20

  package var heldBytes: Int { rejected.byteCount }

  /// Copies the event to `rejected-events`, with the reason in its headers. Once the pending ones take `maxHeldBytes`, further
  /// ones are truncated.
  private func reject(_ record: Record, _ refusal: Refusal) {
    counts.refused[refusal.rawValue, default: 0] += 1
    if refusal == .wrongPartition { counts.misplaced.insert(record.topic) }
    let room = heldBytes < Self.maxHeldBytes ? context.largestRejected : RefusedRecord.leastRoom
    let refused = RefusedRecord(record, refusal, expectedPartition: state.expectedPartition, room: room)
    rejected.append(
      .rejectedEvents, partition: record.partition % context.rejectedPartitions, key: refused.key,
      value: refused.value, timestamp: record.timestamp ?? -1, carried: record.headers,
      carriedCount: refused.carriedCount, headers: refused.headers, once: true)
  }

  package func drain(
    into outputs: inout OutputBatch, room: OutputRoom, turnRoom: OutputRoom?
  ) throws(LogError) -> Bool {
    try checkSums()
    let source = UInt32(partition)
    var current = drain.take() ?? beginDrain(into: &outputs)
    var value: [UInt8] = []
    let isWhole = state.drainContributions(source: source) {
      room.isLeft(in: outputs)
    } body: { partial in
      let cell = partial.cell ?? Cell()
      let key = PartialKey.contribution(source: source, partnerID: partial.partnerID, cell: cell).bytes
      let target = Contract.partition(ofKey: cell.key, count: context.partialPartitions)
      if partial.rows.isEmpty {
        outputs.appendTombstone(.partnerPartials, partition: target, key: key)
        current.tombstonePartitions.insert(target)
      } else {
        value.removeAll(keepingCapacity: true)
        partial.encode(into: &value)
        outputs.append(.partnerPartials, partition: target, key: key, value: value)
      }
    }
    drain = isWhole ? nil : current
    // A tombstone carries no event time, and compaction drops the record that carried it.
    if isWhole, !current.hasNewMonth {
      write(clockPartial, .clock(source: source), to: current.tombstonePartitions.sorted(), into: &outputs)
    }
    return isWhole
  }

  /// Tells all ranking tasks of a new month, and of changes of partners' eligibility.
  private func beginDrain(into outputs: inout OutputBatch) -> Drain {
    let source = UInt32(partition)
    let begun = Drain(hasNewMonth: state.clock.currentMonth != writtenMonth)
    if begun.hasNewMonth {
      writtenMonth = state.clock.currentMonth
      writeEverywhere(clockPartial, .clock(source: source), into: &outputs)
    }
    state.drainEnrolments(source: source) {
      writeEverywhere($0, .enrolment(partnerID: $0.partnerID), into: &outputs)
    }
    return begun
  }

  package func drainOnce(into outputs: inout OutputBatch) {
    outputs.append(contentsOf: rejected)
    rejected.removeAll()
  }

  private var clockPartial: PartnerPartial {
    var clock = PartnerPartial()
    clock.source = UInt32(partition)
    clock.newestEventTime = state.clock.newest
    return clock
  }

  /// Writes to all partitions of `partner-partials`, since every ranking task needs it.
  private func writeEverywhere(_ partial: PartnerPartial, _ key: PartialKey, into outputs: inout OutputBatch)
  {
    write(partial, key, to: 0..<context.partialPartitions, into: &outputs)
  }

  private func write(
    _ partial: PartnerPartial, _ key: PartialKey, to targets: some Sequence<Int32>,
    into outputs: inout OutputBatch
  ) {
    let (key, value) = (key.bytes, partial.protobuf)
    for target in targets {
      outputs.append(.partnerPartials, partition: target, key: key, value: value)
    }
  }

  package func discardChanges() {
    drain = nil
    state.discardChanges()
    rejected.removeAll()
    writtenMonth = state.clock.currentMonth
    _ = takeCounts()
  }

  package func takeCounts() -> StageCounts {
    var taken = counts
    taken.entries[partition] = state.entryCount
    taken.measure(partition, at: commitCount, state.stateBytes)
    commitCount += 1
    taken.expired = state.expiredCount - expiredBefore
    expiredBefore = state.expiredCount
    counts = StageCounts()
    return taken
  }

  package func chunks() -> any StateChunks { state.chunks() }
}
