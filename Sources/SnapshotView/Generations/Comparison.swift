import Contract

/// Compares two results that are both kept up to date, but never to exactly the same point.
///
/// It starts when both results include all events up to some time. A key whose values differ then may only be more recent in one
/// of them. So the comparison follows the values: a key is equal if both results had the same value at any time since. It differs
/// if neither value changed until both results included all events that the other one had at the start.
package struct Comparison: Sendable {
  package enum Side: Sendable {
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

  /// The number of keys in either result.
  package let keyCount: Int
  private var candidates: [ResultKey: Candidate]

  /// O(n) in the keys of both.
  package init(_ left: SnapshotView, _ right: SnapshotView) {
    var candidates: [ResultKey: Candidate] = [:]
    keyCount = left.forEachDifference(from: right) { key, leftValue, rightValue in
      candidates[key] = Candidate(left: [leftValue], right: [rightValue])
    }
    self.candidates = candidates
  }

  /// The number of keys that may differ.
  package var differences: Int { candidates.count }

  /// Records a publication of `side`, whose current view is `view`.
  package mutating func note(_ publication: Publication, of side: Side, _ view: SnapshotView) {
    let key = ResultKey(publication)
    guard var candidate = candidates[key] else { return }
    let value = view.value(of: key)
    guard candidate[side].last != value else { return }
    candidate[side].append(value)
    candidates[key] = candidate.hasMet ? nil : candidate
  }

  /// Whether all remaining keys differ for certain, once both results include all events of a time after the start.
  package var isDecided: Bool { candidates.values.allSatisfy(\.isSteady) }

  /// The keys that may differ, in order.
  package var differingKeys: [ResultKey] { candidates.keys.sorted() }
}
