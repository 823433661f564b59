/// How a member of a stage's group is doing.
public struct DriverStatus: Sendable, Equatable {
  /// Whether it has a place in its group, with tasks or without.
  public var isInGroup = false
  /// The tasks that are its own, ascending.
  public var tasks: [Int32] = []
  /// Those among them that are not live yet.
  public var restoring: [Int32] = []
  /// How far the one among these is that is restored now.
  public var restore: RestoreProgress?
  /// What failed last, until it succeeds.
  public var trouble: String?

  public init() {}

  package init(
    isInGroup: Bool, tasks: [Int32], restoring: [Int32], restore: RestoreProgress? = nil, trouble: String?
  ) {
    self.isInGroup = isInGroup
    self.tasks = tasks
    self.restoring = restoring
    self.restore = restore
    self.trouble = trouble
  }

  /// What it waits for, for people; nil if nothing.
  public var waitsFor: String? {
    if let trouble { return trouble }
    if !isInGroup { return "joining its group" }
    return restoring.isEmpty
      ? nil : "restoring tasks \(restoring.map(String.init).joined(separator: ", "))"
  }
}
