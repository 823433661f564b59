import Contract
import Foundation
import PartnerPulseClient
import Testing

@Suite(.serialized) struct ResultChangesTests {
  /// The next change in a few words.
  private func next(_ iterator: inout ResultChanges.Iterator) async throws -> String {
    switch try await iterator.next() {
    case .began(let generation): "began \(generation)"
    case .complete: "complete"
    case .snapshot(let snapshot): "\(snapshot.partner) \(snapshot[.netNewRevenue]?.value ?? -1)"
    case .removedSnapshot(let name): "removed \(name.partner) \(name.month)"
    case .ranges(let ranges): "ranges \(ranges.month) \(ranges[.customersAdded]?.partners ?? -1)"
    case .removedRanges(let cell, let month): "removed ranges \(cell.product) \(month)"
    case .unreadable(let records): "\(records) unreadable"
    case .interrupted(let reason): "interrupted: \(reason)"
    case nil: "end"
    }
  }

  @Test func whatIsPublishedIsDeliveredInOrder() async throws {
    let log = try ResultLog()
    try log.publish([IndicatorSnapshot("a", 1), IndicatorSnapshot("b", 2)])
    try log.write(.indicatorSnapshots, "damaged", [0xff])
    var iterator = ResultChanges(of: .sqlite(log.path)).makeAsyncIterator()
    #expect(try await next(&iterator) == "began 1")
    var found: Set<String> = []
    for _ in 0..<4 { found.insert(try await next(&iterator)) }
    #expect(found == ["a 1.0", "b 2.0", "1 unreadable", "complete"])

    try log.publish([IndicatorSnapshot("a", 3)])
    #expect(try await next(&iterator) == "a 3.0")
    try log.write(.indicatorSnapshots, IndicatorSnapshot("b", 2).key, nil)
    #expect(try await next(&iterator) == "removed b 2026-11")
    var scale = IndicatorScale()
    (scale.cell, scale.month) = (Cell(product: "p"), "2026-11")
    var customers = IndicatorScale.Scale()
    (customers.indicator, customers.partners) = ("customers_added", 7)
    scale.scales = [customers]
    try log.publish(scale)
    #expect(try await next(&iterator) == "ranges 2026-11 7")
    try log.write(.indicatorScales, scale.key, nil)
    #expect(try await next(&iterator) == "removed ranges p 2026-11")
  }

  @Test func aSwitchBeginsAnew() async throws {
    let log = try ResultLog()
    let second = Generation.first.next
    try log.publish([IndicatorSnapshot("a", 1)])
    try log.begin(second)
    try log.publish([IndicatorSnapshot("a", 2)], in: second)
    var iterator = ResultChanges(of: .sqlite(log.path)).makeAsyncIterator()
    var pinned = ResultChanges(of: .sqlite(log.path), generation: 2).makeAsyncIterator()
    for wanted in ["began 1", "a 1.0", "complete"] { #expect(try await next(&iterator) == wanted) }
    for wanted in ["began 2", "a 2.0", "complete"] { #expect(try await next(&pinned) == wanted) }
    try log.serve(second)
    for wanted in ["began 2", "a 2.0", "complete"] { #expect(try await next(&iterator) == wanted) }
    try log.serve(.first)
    for wanted in ["began 1", "a 1.0", "complete"] { #expect(try await next(&iterator) == wanted) }
    // Whoever follows one of them alone notices nothing.
    try log.publish([IndicatorSnapshot("a", 3)], in: second)
    #expect(try await next(&pinned) == "a 3.0")
  }

  /// Reading waits for the consumer, and loses nothing.
  @Test(arguments: [1, 7, 1000]) func aSlowConsumerIsWaitedFor(limit: Int) async throws {
    let log = try ResultLog()
    let partners = (0..<3000).map { "partner-\($0)" }
    try log.publish(partners.map { IndicatorSnapshot($0, 1) })
    let changes = ResultChanges(of: .sqlite(log.path), limit: limit)
    let buffer = changes.start()
    let end = ContinuousClock.now + .seconds(60)
    while buffer.count < limit, .now < end { try await Task.sleep(for: .milliseconds(5)) }
    try await Task.sleep(for: .milliseconds(200))
    #expect(buffer.count == limit)
    var iterator = ResultChanges.Iterator(buffer)
    #expect(try await next(&iterator) == "began 1")
    for partner in partners {
      #expect(try await next(&iterator) == "\(partner) 1.0")
      #expect(buffer.count <= limit)
    }
    #expect(try await next(&iterator) == "complete")
  }

  /// Whether this process has the file open.
  private func isOpen(_ path: String) throws -> Bool {
    let links = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
    return links.contains {
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path
    }
  }

  private func waitUntilClosed(_ path: String) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while try isOpen(path), .now < end { try await Task.sleep(for: .milliseconds(10)) }
    #expect(try !isOpen(path))
  }

  /// A file with the snapshots of so many partners, which nobody here has open.
  private func closedFile(_ partners: Int) throws -> String {
    let path = ResultLog.newPath()
    try ResultLog(path: path).publish((0..<partners).map { IndicatorSnapshot("\($0)", 1) })
    return path
  }

  @Test func aBreakStopsReading() async throws {
    let path = try closedFile(5000)
    defer { ResultLog.remove(path) }
    #expect(try !isOpen(path))
    var seen = 0
    for try await _ in ResultChanges(of: .sqlite(path), limit: 3) {
      seen += 1
      if seen == 2 {
        #expect(try isOpen(path))
        break
      }
    }
    try await waitUntilClosed(path)
  }

  /// One that waits for the next change, and one that has changes to take.
  @Test(arguments: [true, false]) func cancellationEndsTheSequenceAndStopsReading(isWaiting: Bool)
    async throws
  {
    let path = try closedFile(isWaiting ? 1 : 5000)
    defer { ResultLog.remove(path) }
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    let task = Task { () -> Bool in
      do {
        for try await change in ResultChanges(of: .sqlite(path), limit: 3) {
          if isWaiting, case .complete = change { continuation.finish() }
          if !isWaiting {
            continuation.finish()
            try? await Task.sleep(for: .seconds(1000))
          }
        }
        return false
      } catch {
        return error is CancellationError
      }
    }
    for await _ in stream {}
    if isWaiting { try await Task.sleep(for: .milliseconds(50)) }
    task.cancel()
    #expect(await task.value)
    try await waitUntilClosed(path)
  }

  @Test func whatCannotBeReadIsAnError() async throws {
    var iterator = ResultChanges(of: .sqlite("/nowhere/partner-pulse.db")).makeAsyncIterator()
    await #expect(throws: ResultError.self) { _ = try await iterator.next() }
    #expect(try await next(&iterator) == "end")
  }
}
