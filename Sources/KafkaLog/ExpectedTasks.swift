/// Predicts which tasks the cooperative sticky assignor will move to new members of a group, so that they can restore them
/// beforehand.
///
/// librdkafka's assignor leaves each member what it has, and moves the first partition of a member with the most to one with the
/// fewest, as long as these differ by more than one. This was observed with 2.0.2 and 2.16; if it is wrong, tasks only go live
/// later.
package enum ExpectedTasks {
  /// `owned` are the tasks of each member. Returns those of each of the new members, ascending. O(tasks x members).
  package static func moving(from owned: [[Int32]], to joining: Int) -> [[Int32]] {
    var owned = owned.map { $0.sorted() }
    var moved = [[Int32]](repeating: [], count: joining)
    while let largest = owned.indices.max(by: { precedes(owned[$1], owned[$0]) }),
      let fewest = moved.indices.min(by: { moved[$0].count < moved[$1].count }),
      owned[largest].count > moved[fewest].count + 1
    {
      moved[fewest].append(owned[largest].removeFirst())
    }
    return moved.map { $0.sorted() }
  }

  /// Whether a task of the first member moves before one of the second.
  private static func precedes(_ one: [Int32], _ other: [Int32]) -> Bool {
    one.count != other.count ? one.count > other.count : (one.first ?? .max) < (other.first ?? .max)
  }
}
