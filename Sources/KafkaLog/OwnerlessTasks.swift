/// Decides from what a group's coordinator says, time and again, whether some of its tasks are nobody's and will stay so.
///
/// A cooperative rebalance takes a task away in one generation and gives it away in the next, for which its former owner
/// asks. A static member that is killed between the two has its place back without a rebalance, knows nothing of the
/// task, and asks for nothing. So whoever comes back looks once whether all tasks have an owner.
package struct OwnerlessTasks {
  package enum Verdict: Equatable {
    /// All have owners, and every later rebalance is one that this member knows of.
    case none
    case undecided
    /// These have none, though the group has been at rest for long.
    case some([Int32])
  }

  private let count: Int32
  private var suspects: [Int32] = []
  private var sightings = 0

  /// A former owner that lives may still be busy with giving them up.
  private static let patience = 3

  package init(count: Int32) {
    self.count = count
  }

  /// `owned` are the tasks that the members have, nil if the group is not at rest or that is not known.
  package mutating func judge(owned: Set<Int32>?) -> Verdict {
    let ownerless = owned.map { owned in (0..<count).filter { !owned.contains($0) } } ?? []
    sightings = ownerless == suspects ? sightings + 1 : 1
    suspects = ownerless
    guard owned != nil else { return .undecided }
    if ownerless.isEmpty { return .none }
    return sightings >= Self.patience ? .some(ownerless) : .undecided
  }
}
