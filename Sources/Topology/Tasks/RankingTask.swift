import Contract
import EventLog
import Indicators

/// A task of the ranking stage: applies partials of one partition to a `RankingState` and emits snapshots and scales.
package final class RankingTask: StageTask {
  package struct Context: Sendable {
    var snapshotPartitions: Int32
    var scalePartitions: Int32
    var encoding: ResultEncoding

    package init(snapshotPartitions: Int32, scalePartitions: Int32, encoding: ResultEncoding = .protobuf) {
      self.snapshotPartitions = snapshotPartitions
      self.scalePartitions = scalePartitions
      self.encoding = encoding
    }
  }

  package static var stage: Stage { .ranking }

  package let state: RankingState
  private let partition: Int32
  private let context: Context
  private var counts = StageCounts()
  private var commitCount = 0

  package init(partition: Int32, _ context: Context) {
    self.partition = partition
    self.context = context
    state = RankingState()
  }

  package init(partition: Int32, _ context: Context, chunks: [[UInt8]]) throws {
    self.partition = partition
    self.context = context
    state = try RankingState(chunks: chunks)
  }

  package func apply(_ run: UnsafeBufferPointer<Record>) throws(LogError) {
    counts.records += run.count
    for record in run { try apply(record) }
  }

  private func apply(_ record: Record) throws(LogError) {
    if let value = record.value {
      let partial: PartnerPartial
      do {
        partial = try PartnerPartial(protobuf: value)
      } catch {
        throw defect(record, "\(error)")
      }
      guard partial.isWellFormed else {
        throw defect(record, "it names no partner, or its rows are not sorted")
      }
      state.apply(partial)
      try checkSums()
    } else if case .contribution(let source, let partnerID, let cell)? = record.key.flatMap(
      PartialKey.init(contribution:))
    {
      state.remove(source: source, partnerID: partnerID, cell: cell)
    } else {
      throw defect(record, "it is a tombstone with an invalid key")
    }
  }

  private func checkSums() throws(LogError) {
    if let sum = state.sumOutOfRange { throw .sumOutOfRange(sum) }
  }

  private func defect(_ record: Record, _ what: String) -> LogError {
    LogError(
      .unusable, code: "BAD_PARTIAL",
      "record \(record.offset) of \(record.topicPartition) was not written by this program: \(what)")
  }

  package func drain(
    into outputs: inout OutputBatch, room: OutputRoom, turnRoom: OutputRoom?
  ) throws(LogError) -> Bool {
    var key: [UInt8] = []
    var value: [UInt8] = []
    var limit: OutputRoom?
    let isWhole = state.drain(turnsApart: turnRoom != nil) { phase in
      guard phase == .turn, let turnRoom else { return room.isLeft(in: outputs) }
      // Counted from the end of the changes by events.
      let room = limit ?? turnRoom.besides(outputs)
      limit = room
      return room.isLeft(in: outputs)
    } body: { update in
      key.removeAll(keepingCapacity: true)
      value.removeAll(keepingCapacity: true)
      switch update {
      case .snapshot(let snapshot):
        snapshot.writeKey(to: &key)
        context.encoding.encode(snapshot, into: &value)
        outputs.append(
          .indicatorSnapshots, partition: snapshotPartition(snapshot.partnerID), key: key, value: value)
      case .snapshotRemoved(let partnerID, let cell, let month):
        IndicatorSnapshot.writeKey(partnerID: partnerID, cell: cell, month: month.description, to: &key)
        outputs.appendTombstone(.indicatorSnapshots, partition: snapshotPartition(partnerID), key: key)
      case .scale(let scale):
        scale.writeKey(to: &key)
        context.encoding.encode(scale, into: &value)
        outputs.append(.indicatorScales, partition: scalePartition(key), key: key, value: value)
      case .scaleRemoved(let cell, let month):
        IndicatorScale.writeKey(cell: cell, month: month.description, to: &key)
        outputs.appendTombstone(.indicatorScales, partition: scalePartition(key), key: key)
      }
    }
    // The drain itself sums over months.
    try checkSums()
    return isWhole
  }

  package var turningFrom: Month? { state.turningFrom }

  package func resumeTurn(from month: Month) { state.resumeTurn(from: month) }

  private func snapshotPartition(_ partnerID: String) -> Int32 {
    Contract.partition(ofKey: partnerID, count: context.snapshotPartitions)
  }

  private func scalePartition(_ key: [UInt8]) -> Int32 {
    key.withUnsafeBytes { Contract.partition(ofKey: $0, count: context.scalePartitions) }
  }

  package func discardChanges() {
    state.discardChanges()
    counts = StageCounts()
  }

  package func publishAgain() { state.publishAgain() }

  package func takeCounts() -> StageCounts {
    defer { counts = StageCounts() }
    counts.entries[partition] = state.entryCount
    counts.measure(partition, at: commitCount, state.stateBytes)
    commitCount += 1
    return counts
  }

  package func chunks() -> any StateChunks { state.chunks() }
}
