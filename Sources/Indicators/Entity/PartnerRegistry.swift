import Contract

/// Numbers of partners, and the eligibility of those whose events this task reads.
struct PartnerRegistry {
  /// No partner.
  static let none: Int32 = -1

  private(set) var names: [String] = []
  private var numbers: [Identity: Int32] = [:]
  /// Whether the partner is eligible, by partner number.
  private(set) var eligibility: [Int32: Timeline<Bool>] = [:]
  private var changed: Set<Int32> = []

  init() {}

  /// The contents of an earlier registry, all of it marked as drained.
  init(names: [String], eligibility: [Int32: Timeline<Bool>]) {
    self.names = names
    self.eligibility = eligibility
    for (number, name) in names.enumerated() {
      numbers[Identity(name)] = Int32(number)
    }
  }

  /// Approximate bytes of memory. O(1).
  var byteCount: Int {
    // Texts of more than 15 bytes have memory of their own, and dictionaries are half full.
    names.heldBytes + names.sampledSum { $0.utf8.count > 15 ? 32 + $0.utf8.count : 0 }
      + 2 * numbers.count * MemoryLayout<(Identity, Int32)>.stride + eligibility.count * 128
  }

  /// Whether no name occurs twice.
  var isConsistent: Bool { numbers.count == names.count }

  /// The number of the partner of this id, `none` for the empty one.
  mutating func number(of id: BorrowedText) -> Int32 {
    id.isEmpty ? Self.none : number(of: Identity(id.bytes)) { id.string }
  }

  private mutating func number(of identity: Identity, name: () -> String) -> Int32 {
    if let number = numbers[identity] { return number }
    let number = Int32(names.count)
    names.append(name())
    numbers[identity] = number
    return number
  }

  mutating func insert(_ eligible: Bool, at order: StepOrder, for partner: Int32) {
    let effect = eligibility[partner, default: Timeline()].effect(of: eligible, at: order)
    eligibility[partner, default: Timeline()].insert(eligible, at: order)
    if !effect.isEmpty { changed.insert(partner) }
  }

  /// Calls `body` with each partner whose eligibility changed since the last call, and the months of it.
  mutating func drainEnrolments(_ body: (String, [MonthRange]) -> Void) {
    for partner in changed.sorted() {
      var eligible: [MonthRange] = []
      eligibility[partner]?.forEachRun(in: .distantPast..<Month.never) { months, isEligible in
        guard isEligible else { return }
        let until = months.upperBound == .never ? nil : months.upperBound.index
        // Adjacent ranges are joined, so that equal months are always written alike.
        if eligible.last?.until == months.lowerBound.index {
          eligible[eligible.count - 1].until = until
        } else {
          eligible.append(MonthRange(from: months.lowerBound.index, until: until))
        }
      }
      body(names[Int(partner)], eligible)
    }
    changed.removeAll()
  }

  mutating func discardChanges() { changed.removeAll() }

  /// O(state).
  func checkInvariants() throws(BrokenInvariant) {
    for (number, name) in names.enumerated() {
      try BrokenInvariant.check(numbers[Identity(name)] == Int32(number), "partner \(name) is not found")
    }
    try BrokenInvariant.check(
      isConsistent && eligibility.keys.allSatisfy { names.indices.contains(Int($0)) }
        && changed.allSatisfy { eligibility[$0] != nil }, "the partners do not fit together")
    for timeline in eligibility.values { try timeline.checkInvariants() }
  }
}
