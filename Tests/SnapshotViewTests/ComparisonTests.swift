import Contract
import SnapshotView
import Testing

@Suite struct ComparisonTests {
  /// Two results that go on. Partner "a" has as many customers as the first number says, and so on.
  private struct Pair {
    var left = SnapshotView()
    var right = SnapshotView()
    var comparison: Comparison

    init(_ left: [String: Int64], _ right: [String: Int64]) {
      for (partner, customers) in left { self.left.apply(.of(partner, customers)) }
      for (partner, customers) in right { self.right.apply(.of(partner, customers)) }
      comparison = Comparison(self.left, self.right)
    }

    mutating func publish(_ side: Comparison.Side, _ partner: String, _ customers: Int64?) {
      let publication =
        customers.map { Publication.of(partner, $0) }
        ?? .removedSnapshot(SnapshotKey(partnerID: partner, cell: Cell(), month: "2026-11"))
      if side == .left { left.apply(publication) } else { right.apply(publication) }
      comparison.note(publication, of: side, side == .left ? left : right)
    }

    var differing: [String] { comparison.differingKeys.map { String($0.text.prefix { $0 != "|" }) } }
  }

  @Test func equalResultsHaveNoDifference() {
    let pair = Pair(["a": 1, "b": 2], ["b": 2, "a": 1])
    #expect(pair.comparison.differences == 0)
    #expect(pair.comparison.keyCount == 2)
  }

  @Test func valuesAndMissingKeysDiffer() {
    let pair = Pair(["a": 1, "b": 2, "c": 3], ["a": 1, "b": 3, "d": 4])
    #expect(pair.differing == ["b", "c", "d"])
    #expect(pair.comparison.keyCount == 4)
    #expect(pair.comparison.isDecided)
  }

  @Test func scalesDifferToo() {
    var (left, right) = (SnapshotView(), SnapshotView())
    left.apply(.scale(IndicatorScale(Cell(), "2026-11", partners: 1)))
    right.apply(.scale(IndicatorScale(Cell(), "2026-11", partners: 2)))
    right.apply(.scale(IndicatorScale(Cell(), "2026-10", partners: 2)))
    let comparison = Comparison(left, right)
    #expect(comparison.differingKeys.map(\.text) == ["|||2026-10", "|||2026-11"])
    #expect(comparison.keyCount == 2)
    #expect(left.value(of: comparison.differingKeys[0]) == nil)
    #expect(right.value(of: comparison.differingKeys[0]) != nil)
  }

  @Test func asOfIsNoPartOfTheResult() {
    var (left, right) = (SnapshotView(), SnapshotView())
    var snapshot = IndicatorSnapshot("a")
    left.apply(.snapshot(snapshot))
    snapshot.asOf = Timestamp(seconds: 5, nanos: 0)
    right.apply(.snapshot(snapshot))
    #expect(Comparison(left, right).differences == 0)
  }

  @Test func oneThatWasBehindComesToBeEqual() {
    var pair = Pair(["a": 2], ["a": 1])
    pair.publish(.right, "a", 2)
    #expect(pair.comparison.differences == 0)
  }

  /// Both go on and are never equal at one moment, but both have been at 3.
  @Test func equalAtDifferentTimesIsEqual() {
    var pair = Pair(["a": 2], ["a": 1])
    pair.publish(.left, "a", 3)
    pair.publish(.left, "a", 4)
    #expect(!pair.comparison.isDecided)
    pair.publish(.right, "a", 3)
    #expect(pair.comparison.differences == 0)
  }

  @Test func whatKeepsChangingIsUndecided() {
    var pair = Pair(["a": 2, "b": 1], ["a": 12, "b": 2])
    pair.publish(.left, "a", 3)
    pair.publish(.right, "a", 13)
    #expect(pair.differing == ["a", "b"])
    #expect(!pair.comparison.isDecided)
  }

  @Test func removedInBothIsEqual() {
    var pair = Pair(["a": 2], ["a": 1])
    pair.publish(.left, "a", nil)
    #expect(pair.comparison.differences == 1)
    pair.publish(.right, "a", nil)
    #expect(pair.comparison.differences == 0)
  }

  @Test func theSameValueAgainChangesNothing() {
    var pair = Pair(["a": 2], ["a": 1])
    pair.publish(.left, "a", 2)
    #expect(pair.comparison.isDecided)
    #expect(pair.differing == ["a"])
  }
}

extension Publication {
  fileprivate static func of(_ partner: String, _ customers: Int64) -> Publication {
    var snapshot = IndicatorSnapshot(partner)
    snapshot.components?[.customersAdded] = customers
    return .snapshot(snapshot)
  }
}
