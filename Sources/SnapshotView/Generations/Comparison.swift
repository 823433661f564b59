import Contract

/// Tells two results apart that both are kept up to date, but never at the same moment.
///
/// It begins when both have taken in all events up to some moment. A key whose values differ then may only be ahead in one
/// of them: so it follows the values, and a key is the same if both had one value at any time since. It differs if neither
/// changed until both had taken in all that the other knew at the start.
public struct Comparison: Sendable {
  public enum Side: Sendable {
    case left
    case right
  }

  private struct Candidate: Sendable {
    /// All values of each side since the start; the last one is the newest.
    var left: [ResultValue?]
    var right: [ResultValue?]

    subscript(side: Side) -> [ResultValue?] {
      get { side == .left ? left : right }
      set { if side == .left { left = newValue } else { right = newValue } }
    }

    var hasMet: Bool { !Set(left).isDisjoint(with: right) }
    var isSteady: Bool { left.count == 1 && right.count == 1 }
  }

  /// How many keys either of them has.
  public let keyCount: Int
  private var candidates: [ResultKey: Candidate]

  /// O(n) in the keys of both.
  public init(_ left: SnapshotView, _ right: SnapshotView) {
    var candidates: [ResultKey: Candidate] = [:]
    keyCount = left.forEachDifference(from: right) { key, leftValue, rightValue in
      candidates[key] = Candidate(left: [leftValue], right: [rightValue])
    }
    self.candidates = candidates
  }

  /// Keys that may differ.
  public var differences: Int { candidates.count }

  /// Takes in that `side`, which is `view` by now, published something.
  public mutating func note(_ publication: Publication, of side: Side, _ view: SnapshotView) {
    let key = ResultKey(publication)
    guard var candidate = candidates[key] else { return }
    let value = view.value(of: key)
    guard candidate[side].last != value else { return }
    candidate[side].append(value)
    candidates[key] = candidate.hasMet ? nil : candidate
  }

  /// Whether every key that may differ does for certain, once both have taken in all events of a moment after the start.
  public var isDecided: Bool { candidates.values.allSatisfy(\.isSteady) }

  /// The keys that may differ, in order.
  public var differingKeys: [ResultKey] { candidates.keys.sorted() }
}
