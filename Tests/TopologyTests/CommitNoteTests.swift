import Contract
import EventLog
import Testing
import Topology

@Suite("What goes with a committed position") struct CommitNoteTests {
  private let place = TopicPartition(.usageActions, 3)

  private func extents(beginning: Int64, end: Int64, of topic: Topic = .indicatorSnapshots) -> OutputExtents {
    OutputExtents(
      beginnings: [TopicPartition(topic, 0): beginning, TopicPartition(topic, 1): 0],
      ends: [TopicPartition(topic, 0): end, TopicPartition(topic, 1): 1])
  }

  @Test func isReadAsItWasWritten() throws {
    let spoken: Positions = [place: 7, TopicPartition(.partners, 3): 0]
    var note = CommitNote(spoken: spoken, outputs: extents(beginning: 0, end: 9).noted)
    (note.losses, note.repaired) = (2, 1)
    let read = try CommitNote(note.text, of: place)
    #expect(read == note)
    #expect(read.spokenPositions(of: 3) == spoken)
    #expect(note.text.utf8.count < 1_000)
  }

  @Test func withoutAnIncompleteDrainNothingIsSpoken() throws {
    let note = CommitNote(spoken: nil, outputs: [])
    #expect(try CommitNote(note.text, of: place).spokenPositions(of: 3) == nil)
  }

  @Test func whatIsForeignIsNotPassedOver() {
    let error = #expect(throws: LogError.self) { try CommitNote("set by hand", of: place) }
    #expect(error?.kind == .unusable)
    #expect(error?.message.contains("usage-actions-3") == true)
  }

  @Test func aTopicThatEndsEarlierOrBeginsLaterHasLostSomething() {
    let note = CommitNote(spoken: nil, outputs: extents(beginning: 0, end: 9).noted)
    #expect(extents(beginning: 0, end: 9).lost(since: note) == [])
    #expect(extents(beginning: 0, end: 20).lost(since: note) == [])
    #expect(extents(beginning: 0, end: 8).lost(since: note) == [.indicatorSnapshots])
    #expect(extents(beginning: 1, end: 9).lost(since: note) == [.indicatorSnapshots])
  }

  @Test func theBeginningOfWhatIsNotCompactedMayGo() {
    let note = CommitNote(spoken: nil, outputs: extents(beginning: 0, end: 9, of: .rejectedEvents).noted)
    #expect(extents(beginning: 5, end: 9, of: .rejectedEvents).lost(since: note) == [])
    #expect(extents(beginning: 0, end: 2, of: .rejectedEvents).lost(since: note) == [.rejectedEvents])
  }

  private func note(end: Int64, losses: Int64 = 0, repaired: Int64 = 0) -> CommitNote {
    var note = CommitNote(spoken: nil, outputs: extents(beginning: 0, end: end).noted)
    (note.losses, note.repaired) = (losses, repaired)
    return note
  }

  @Test func whatAnyTaskMissesIsLost() {
    let losses = OutputLosses([note(end: 2), note(end: 9)])
    #expect(losses.known == 0 && losses.areRepaired)
    #expect(losses.unnoticed(in: extents(beginning: 0, end: 9), known: 0) == [])
    #expect(losses.unnoticed(in: extents(beginning: 0, end: 5), known: 0) == [.indicatorSnapshots])
  }

  @Test func aLossThatWasNoticedIsMadeUpForByEachTask() {
    // One task has written all that was its own into a new topic; what the other one noted was of the old topic.
    let losses = OutputLosses([note(end: 5, losses: 1, repaired: 1), note(end: 9)])
    #expect(losses.known == 1 && !losses.areRepaired)
    #expect(losses.unnoticed(in: extents(beginning: 0, end: 5), known: 1) == [])
    #expect(losses.unnoticed(in: extents(beginning: 0, end: 4), known: 1) == [.indicatorSnapshots])
  }

  @Test func eachRecordTakesAnOffset() {
    var outputs = OutputBatch()
    outputs.appendTombstone(.indicatorSnapshots, partition: 0, key: Array("k".utf8))
    outputs.appendTombstone(.indicatorScales, partition: 0, key: Array("k".utf8))
    #expect(extents(beginning: 0, end: 9).adding(outputs) == extents(beginning: 0, end: 10))
  }
}
