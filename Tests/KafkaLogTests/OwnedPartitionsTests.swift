import Contract
import EventLog
import KafkaLog
import Testing

@Suite struct OwnedPartitionsTests {
  private let first = TopicPartition(.usageActions, 0)
  private let second = TopicPartition(.usageActions, 1)

  private func owning(_ positions: Positions) -> OwnedPartitions {
    var owned = OwnedPartitions()
    owned.add(tasks: [0, 1])
    for (partition, offset) in positions { #expect(owned.want(partition, from: offset) == true) }
    owned.note(positions.keys, .placed)
    return owned
  }

  /// Whether a record at `offset` is handed out.
  private func accept(_ offset: Int64, at index: Int, _ owned: inout OwnedPartitions) -> Bool {
    guard let next = owned.placed(at: index)?.next, offset >= next else { return false }
    owned.advance(to: offset + 1, at: index)
    return true
  }

  @Test func acceptsOnlyWhatComesNext() throws {
    var owned = owning([first: 5])
    let index = try #require(owned.index(of: first))
    #expect(accept(4, at: index, &owned) == false)
    #expect(accept(5, at: index, &owned) == true)
    #expect(accept(5, at: index, &owned) == false)
    // A gap is a transaction marker, an aborted record or compaction.
    #expect(accept(9, at: index, &owned) == true)
    #expect(owned.positions(.placed) == [first: 10])
  }

  @Test func acceptsNothingWhileMisplaced() throws {
    var owned = owning([first: 5, second: 0])
    let index = try #require(owned.index(of: first))
    #expect(owned.want(first, from: 2) == true)
    #expect(accept(5, at: index, &owned) == false)
    #expect(owned.reachedEnd(of: first, at: 9) == false)
    #expect(owned.positions(.misplaced) == [first: 2])
    owned.note([first], .placed)
    #expect(accept(2, at: index, &owned) == true)
    owned.distrustAll()
    #expect(owned.positions(.misplaced) == [first: 3, second: 0])
  }

  @Test func staleEndIsNoNews() {
    var owned = owning([first: 5])
    #expect(owned.reachedEnd(of: first, at: 4) == false)
    #expect(owned.reachedEnd(of: first, at: 8) == true)
    #expect(owned.positions(.placed) == [first: 8])
    #expect(owned.reachedEnd(of: second, at: 0) == false)
  }

  @Test func partitionOfForeignTaskIsNotWanted() {
    var owned = OwnedPartitions()
    #expect(owned.want(first, from: 0) == false)
    #expect(owned.allPositions.isEmpty)
  }

  @Test func removedTaskIsForgotten() throws {
    var owned = owning([first: 5, second: 6])
    #expect(owned.want(TopicPartition(.customers, 0), from: 1) == true)
    #expect(owned.remove(tasks: [0]) == [first])
    #expect(owned.tasks == [1])
    #expect(owned.index(of: first) == nil)
    let index = try #require(owned.index(of: second))
    #expect(accept(6, at: index, &owned) == true)
  }
}
