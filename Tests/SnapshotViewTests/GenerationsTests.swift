import Contract
import SnapshotView
import Testing

@Suite struct GenerationsTests {
  /// Of the kept generations 2 to `newest`, all computed by "app" under catalog "c", with `served` served.
  private func generations(upTo newest: UInt32, served: UInt32 = 1, dropped: Set<UInt32> = []) -> Generations
  {
    var generations = Generations()
    for number in 1...newest where number > 1 || dropped.contains(1) {
      var record = GenerationRecord()
      record.number = number
      record.state = dropped.contains(number) ? .dropped : .kept
      record.application = "app"
      record.definition = Self.definition("c")
      generations.apply(key: String(number), record)
    }
    var record = GenerationRecord()
    record.number = served
    record.application = "server"
    generations.apply(key: "served", record)
    return generations
  }

  private static func definition(_ catalog: String, partitions: UInt32 = 4) -> ResultDefinition {
    ResultDefinition(
      catalog: catalog, semantics: 1, inputPartitions: partitions, outputPartitions: [4, 4, 4])
  }

  private func numbers(_ generations: [Generation]) -> [UInt32] { generations.map(\.number) }

  @Test func withoutRecordsTheFirstIsServed() {
    let generations = Generations()
    #expect(generations.served == .first)
    #expect(numbers(generations.kept) == [1])
    #expect(generations.application(of: .first) == nil)
  }

  @Test func whatIsDroppedIsNotKept() {
    let generations = generations(upTo: 3, served: 3, dropped: [1, 2])
    #expect(numbers(generations.kept) == [3])
    #expect(generations.served == Generation(3))
  }

  @Test func recordsThatAreNotOursSayNothing() {
    var generations = Generations()
    var record = GenerationRecord()
    generations.apply(key: "served", record)
    record.number = 4
    generations.apply(key: "5", record)
    generations.apply(key: "", record)
    #expect(generations.served == .first)
    #expect(numbers(generations.kept) == [1])
  }

  @Test func whoComputesItIsKnown() {
    let generations = generations(upTo: 2)
    #expect(generations.application(of: .first) == "server")
    #expect(generations.application(of: .first.next) == "app")
  }

  // MARK: What to recompute

  /// The newest, the served one, the dropped ones, which one is wanted; which one that is, and whether it is begun.
  static let recomputes: [(UInt32, UInt32, Set<UInt32>, UInt32?, UInt32, isNew: Bool)] = [
    (1, 1, [], nil, 2, true),
    (2, 1, [], nil, 2, false),
    (2, 2, [], nil, 3, true),
    // Numbers are not used again.
    (2, 1, [2], nil, 3, true),
    (3, 2, [3], nil, 4, true),
    // A restart after the switch.
    (2, 2, [], 2, 2, false),
    (2, 2, [], 3, 3, true),
  ]

  @Test(arguments: recomputes)
  func oneThatWasBegunIsGoneOnWith(
    newest: UInt32, served: UInt32, dropped: Set<UInt32>, wanted: UInt32?, expected: UInt32, isNew: Bool
  ) throws {
    let (record, new) = try generations(upTo: newest, served: served, dropped: dropped)
      .toRecompute(wanted.flatMap { Generation($0) }, application: "app", Self.definition("c"))
    #expect(record.number == expected)
    #expect(new == isNew)
    #expect(record.application == "app" && record.definition == Self.definition("c") && record.state == .kept)
  }

  @Test(
    arguments: [
      (UInt32(2), UInt32(1), nil, "app", "other", "catalog c (here: other)"),
      (2, 1, nil, "other", "c", "by application app"),
      (3, 2, 1, "app", "c", "`run` computes the first"),
      (3, 3, 2, "app", "c", "older than the served"),
      (2, 1, 9, "app", "c", "the next generation is 3"),
    ] as [(UInt32, UInt32, UInt32?, String, String, String)])
  func whatWouldMixResultsIsRefused(
    newest: UInt32, served: UInt32, wanted: UInt32?, application: String, catalog: String, reason: String
  ) throws {
    let generations = generations(upTo: newest, served: served)
    let refusal = #expect(throws: GenerationRefusal.self) {
      try generations.toRecompute(
        wanted.flatMap { Generation($0) }, application: application, Self.definition(catalog))
    }
    #expect(refusal?.description.contains(reason) == true, "\(refusal?.description ?? "")")
  }

  @Test func theServedOneHasItsCatalog() throws {
    let generations = generations(upTo: 2, served: 2)
    // Nobody has begun it yet.
    try generations.check(.first, Self.definition("any"))
    try generations.check(.first.next, Self.definition("c"))
    #expect(throws: GenerationRefusal.self) { try generations.check(.first.next, Self.definition("any")) }
  }

  @Test func whoWasFirstSaysUnderWhatItIsMade() throws {
    var generations = generations(upTo: 2)
    var late = GenerationRecord()
    late.number = 2
    late.state = .kept
    late.definition = Self.definition("late")
    generations.apply(key: "2", late)
    try generations.check(.first.next, Self.definition("c"))
    #expect(throws: GenerationRefusal.self) { try generations.check(.first.next, Self.definition("late")) }
  }

  @Test func otherPartitionsOfTheInputsNeedACopy() throws {
    let generations = generations(upTo: 2)
    try generations.checkInputs(partitions: 4)
    for refuse in [
      { try generations.checkInputs(partitions: 8) },
      { try generations.check(.first.next, Self.definition("c", partitions: 8)) },
      {
        _ = try generations.toRecompute(
          Generation(3), application: "app", Self.definition("c", partitions: 8))
      },
    ] {
      let refusal = #expect(throws: GenerationRefusal.self) { try refuse() }
      #expect(refusal?.description.contains("`topics copy`") == true, "\(refusal?.description ?? "")")
    }
  }

  // MARK: What to switch to, to compare with and to drop

  @Test func theNewestIsSwitchedToOnce() throws {
    #expect(try generations(upTo: 3).toServe(nil) == Generation(3))
    // Not back and forth.
    #expect(throws: GenerationRefusal.self) { try generations(upTo: 3, served: 3).toServe(nil) }
    #expect(try generations(upTo: 3, served: 3).toServe(.first) == .first)
    #expect(throws: GenerationRefusal.self) { try generations(upTo: 3, dropped: [2]).toServe(.first.next) }
    #expect(throws: GenerationRefusal.self) { try generations(upTo: 3).toServe(Generation(4)) }
  }

  @Test func theServedOneIsComparedWithAnother() throws {
    #expect(try generations(upTo: 3).toCompare(nil) == Generation(3))
    #expect(try generations(upTo: 3, served: 3).toCompare(nil) == Generation(2))
    #expect(throws: GenerationRefusal.self) { try Generations().toCompare(nil) }
    #expect(throws: GenerationRefusal.self) { try generations(upTo: 3, served: 3).toCompare(Generation(3)) }
  }

  @Test func theServedOneIsNotDropped() throws {
    let generations = generations(upTo: 3, served: 2, dropped: [3])
    try generations.checkDropping(.first)
    // What was dropped already may be dropped to the end.
    try generations.checkDropping(Generation(3) ?? .first)
    #expect(throws: GenerationRefusal.self) { try generations.checkDropping(.first.next) }
    #expect(throws: GenerationRefusal.self) { try generations.checkDropping(Generation(4) ?? .first.next) }
  }
}
