import Contract
import EventLog
import Synchronization

/// The groups that this process has members in, each with its lock and its members.
final class Groups: Sendable {
  private struct Group {
    var topics: [Topic]
    var lock: GroupLock
    var assignment: Assignment
    var fences: [Int: Fence] = [:]
  }

  private struct State {
    var groups: [ExactText: Group] = [:]
    var nextMember = 0
  }

  private let path: String
  private let signal: CommitSignal
  private let state = Mutex(State())

  init(path: String, signal: CommitSignal) {
    self.path = path
    self.signal = signal
  }

  /// Adds a member with a new number, and fences an existing one with the same transactional id.
  func join(
    _ spec: GroupSpec, tasks: Int32, as identity: MemberIdentity
  ) throws(LogError) -> (member: Int, fence: Fence) {
    let fence = Fence(identity)
    let member = try state.withLock { (state: inout sending State) throws(LogError) -> Int in
      var group: Group
      let name = ExactText(spec.name)
      if let existing = state.groups[name] {
        group = existing
      } else {
        let lock = try lock(spec.name)
        group = Group(topics: spec.topics, lock: lock, assignment: Assignment(tasks: tasks))
      }
      guard group.topics == spec.topics, group.assignment.taskCount == tasks else {
        throw LogError(
          .unusable, code: "GROUP_DIFFERS",
          "group '\(spec.name)' of \(path) has members that read other topics")
      }
      for (old, oldFence) in group.fences
      where oldFence.identity.transactionalID.hasSameUTF8(as: identity.transactionalID) {
        oldFence.close()
        group.assignment.leave(old)
        group.fences[old] = nil
      }
      state.nextMember += 1
      group.fences[state.nextMember] = fence
      group.assignment.join(state.nextMember)
      state.groups[name] = group
      return state.nextMember
    }
    signal.raise()
    return (member, fence)
  }

  /// Throws an `unusable` error if the group has members, in this process or another.
  func lock(_ name: String) throws(LogError) -> GroupLock { try GroupLock(file: path, group: name) }

  /// Removes a member if it is still there; the last one releases the group's lock.
  func leave(_ member: Int, of name: String) {
    let name = ExactText(name)
    state.withLock { state in
      guard state.groups[name]?.fences.removeValue(forKey: member) != nil else { return }
      state.groups[name]?.assignment.leave(member)
      if state.groups[name]?.fences.isEmpty == true { state.groups[name] = nil }
    }
    signal.raise()
  }

  /// The tasks that `member` must release, so that others can take them.
  func toRevoke(from member: Int, of name: String) -> [Int32] {
    state.withLock { $0.groups[ExactText(name)]?.assignment.toRevoke(from: member) ?? [] }
  }

  func release(_ tasks: [Int32], by member: Int, of name: String) {
    state.withLock { $0.groups[ExactText(name)]?.assignment.release(tasks, by: member) }
    signal.raise()
  }

  func take(by member: Int, of name: String) -> [Int32] {
    state.withLock { $0.groups[ExactText(name)]?.assignment.take(by: member) ?? [] }
  }
}

/// Prevents a member that has been replaced from committing.
final class Fence: Sendable {
  let identity: MemberIdentity
  private let isClosed = Mutex(false)

  init(_ identity: MemberIdentity) { self.identity = identity }

  /// Waits for a commit in progress; none succeeds afterwards.
  func close() { isClosed.withLock { $0 = true } }

  /// Throws a `fatal` error if the member has been replaced.
  func check() throws(LogError) { try pass { () throws(LogError) in } }

  /// Runs `body`, which `close` waits for; throws a `fatal` error if the member has been replaced.
  func pass(_ body: () throws(LogError) -> Void) throws(LogError) {
    try isClosed.withLock { (isClosed: inout sending Bool) throws(LogError) in
      if isClosed {
        throw LogError(
          .fatal, code: "FENCED", "another member with the id '\(identity.transactionalID)' has joined")
      }
      try body()
    }
  }
}
