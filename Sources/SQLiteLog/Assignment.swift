/// Assigns the tasks of a group to its members, cooperatively: a task goes to another member only after its owner has released
/// it. Members are numbered in the order of joining.
package struct Assignment {
  /// In the order of joining.
  package private(set) var members: [Int] = []
  /// By task: the member that is to own it, nil if there is no member.
  private var target: [Int?]
  /// By task: the member that owns it now, nil if it is free.
  private var owner: [Int?]

  package init(tasks: Int32) {
    target = Array(repeating: nil, count: Int(max(tasks, 0)))
    owner = target
  }

  package var taskCount: Int32 { Int32(target.count) }

  package mutating func join(_ member: Int) {
    members.append(member)
    balance()
  }

  /// Removes a member, and releases all of its tasks.
  package mutating func leave(_ member: Int) {
    members.removeAll { $0 == member }
    for task in owner.indices where owner[task] == member { owner[task] = nil }
    balance()
  }

  /// The tasks that `member` owns and must give up.
  package func toRevoke(from member: Int) -> [Int32] {
    owner.indices.filter { owner[$0] == member && target[$0] != member }.map(Int32.init)
  }

  /// Records that `member` has given up `tasks`.
  package mutating func release(_ tasks: [Int32], by member: Int) {
    for task in tasks where owner[Int(task)] == member { owner[Int(task)] = nil }
  }

  /// Makes `member` the owner of the tasks that are meant for it and free, and returns them.
  package mutating func take(by member: Int) -> [Int32] {
    let free = owner.indices.filter { owner[$0] == nil && target[$0] == member }
    for task in free { owner[task] = member }
    return free.map(Int32.init)
  }

  /// Distributes the tasks so that the members' counts differ by at most one and as few tasks as possible move. O(n log n).
  private mutating func balance() {
    guard !members.isEmpty else {
      target = Array(repeating: nil, count: target.count)
      return
    }
    var counts = Dictionary(uniqueKeysWithValues: members.map { ($0, 0) })
    for member in target { if let member, let count = counts[member] { counts[member] = count + 1 } }
    // The members with the most tasks may keep one more, so that it need not move.
    let byCount = members.sorted { (counts[$0] ?? 0, $1) > (counts[$1] ?? 0, $0) }
    var quota: [Int: Int] = [:]
    for (rank, member) in byCount.enumerated() {
      quota[member] = target.count / members.count + (rank < target.count % members.count ? 1 : 0)
    }
    for task in target.indices {
      if let member = target[task], let left = quota[member], left > 0 {
        quota[member] = left - 1
      } else {
        target[task] = nil
      }
    }
    var free = target.indices.filter { target[$0] == nil }[...]
    for member in members {
      for task in free.prefix(quota[member] ?? 0) { target[task] = member }
      free = free.dropFirst(quota[member] ?? 0)
    }
  }
}
