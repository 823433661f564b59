import Contract
import EventLog
import Randomness

/// A consumer group as its coordinator sees it. A task is given to another member only after its owner has released it,
/// left, or been thrown out.
struct SimulatedGroup {
  /// Members' ids in the order in which they joined.
  private(set) var members: [Int] = []
  private var lastHeard: [Int: Int64] = [:]
  private(set) var generation = 0
  /// By task.
  private(set) var owner: [Int?]
  private var target: [Int?]
  var committed = CommittedPositions()

  init(tasks: Int32) {
    owner = Array(repeating: nil, count: Int(tasks))
    target = owner
  }

  mutating func join(_ id: Int, now: Int64, _ chance: inout SplitMix64) {
    members.append(id)
    lastHeard[id] = now
    rebalance(&chance)
  }

  mutating func leave(_ id: Int, _ chance: inout SplitMix64) {
    guard members.contains(id) else { return }
    members.removeAll { $0 == id }
    lastHeard[id] = nil
    for task in owner.indices where owner[task] == id { owner[task] = nil }
    rebalance(&chance)
  }

  mutating func hear(_ id: Int, now: Int64) { if lastHeard[id] != nil { lastHeard[id] = now } }

  /// Members that have not been heard of since `limit`.
  func silent(since limit: Int64) -> [Int] { members.filter { lastHeard[$0] ?? .min < limit } }

  /// Deals the tasks out anew, most of them to whom they belong already.
  mutating func rebalance(_ chance: inout SplitMix64) {
    generation += 1
    for task in target.indices {
      if let member = target[task], members.contains(member), !chance.percent(40) { continue }
      target[task] = members.isEmpty ? nil : members[chance.below(members.count)]
    }
  }

  func toRevoke(from id: Int) -> [Int32] {
    owner.indices.filter { owner[$0] == id && target[$0] != id }.map(Int32.init)
  }

  mutating func release(_ tasks: [Int32], by id: Int) {
    for task in tasks where owner[Int(task)] == id { owner[Int(task)] = nil }
  }

  /// Makes `id` the owner of what is meant for it and free.
  mutating func take(by id: Int) -> [Int32] {
    let free = owner.indices.filter { owner[$0] == nil && target[$0] == id }
    for task in free { owner[task] = id }
    return free.map(Int32.init)
  }
}
