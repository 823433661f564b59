/// Decides from the repeated responses of a group's coordinator whether some of its tasks have no owner and will not get
/// one.
///
/// A cooperative rebalance revokes a task in one group generation and assigns it in the next, which its former owner
/// requests. A static member that is killed between the two gets its place back without a rebalance, does not know of the
/// task, and requests nothing. Therefore each static member that comes back checks once whether all tasks have owners.
package struct OwnerlessTasks {
  /// What the responses so far show.
  package enum Verdict: Equatable {
    /// All have owners, and this member will know of every later rebalance.
    case none
    case undecided
    /// These have none, though the group has been stable for long.
    case some([Int32])
  }

  private let count: Int32
  private var suspects: [Int32] = []
  private var sightings = 0

  /// A former owner that is alive may still be busy with giving them up.
  private static let patience = 3

  package init(count: Int32) {
    self.count = count
  }

  /// `owned` are the tasks that the members own; nil if the group is not stable or that is unknown.
  package mutating func judge(owned: Set<Int32>?) -> Verdict {
    let ownerless = owned.map { owned in (0..<count).filter { !owned.contains($0) } } ?? []
    sightings = ownerless == suspects ? sightings + 1 : 1
    suspects = ownerless
    guard owned != nil else { return .undecided }
    if ownerless.isEmpty { return .none }
    return sightings >= Self.patience ? .some(ownerless) : .undecided
  }
}
