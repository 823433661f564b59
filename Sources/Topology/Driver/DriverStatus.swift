/// The status of a member of a stage's group.
package struct DriverStatus: Sendable, Equatable {
  /// Whether it is currently a member of its group, with or without tasks.
  package var isInGroup = false
  /// The tasks assigned to it, ascending.
  package var tasks: [Int32] = []
  /// The assigned tasks that are not live yet.
  package var restoring: [Int32] = []
  /// The tasks that it restores before it joins its group (warm-up).
  package var warmingUp: [Int32] = []
  /// The progress of the task that is being restored.
  package var restore: RestoreProgress?
  /// The error of the last failed operation, until the operation succeeds.
  package var trouble: String?

  package init() {}

  package init(
    isInGroup: Bool, tasks: [Int32], restoring: [Int32], warmingUp: [Int32] = [],
    restore: RestoreProgress? = nil, trouble: String?
  ) {
    self.isInGroup = isInGroup
    self.tasks = tasks
    self.restoring = restoring
    self.warmingUp = warmingUp
    self.restore = restore
    self.trouble = trouble
  }

  /// What keeps its tasks from being live, as text for operators; nil if nothing does.
  package var waitsFor: String? {
    if let trouble { return trouble }
    if !warmingUp.isEmpty { return "restoring tasks \(Self.list(warmingUp)) before it joins its group" }
    if !isInGroup { return "joining its group" }
    return restoring.isEmpty ? nil : "restoring tasks \(Self.list(restoring))"
  }

  private static func list(_ tasks: [Int32]) -> String { tasks.map(String.init).joined(separator: ", ") }
}
