import Contract
import EventLog
import Platform
import Synchronization

/// Restores the tasks of one driver, and frees tasks that it no longer owns, in the background: up to two threads restore at a
/// time, so that live tasks are not held up.
///
/// All methods are called by the driver's thread. A task belongs to the queue's threads until `take` returns it.
final class RestoreQueue<Task: StageTask>: Sendable {
  /// The outcome of a request.
  struct Outcome {
    var request: RestoreRequest
    var result: Result<Checkpoint<Task>, LogError>
    var progress: RestoreProgress
    /// Milliseconds that it took.
    var took: Int64
  }

  /// Moves tasks, to which there is no other reference, to the thread that frees them.
  private final class DroppedTasks: @unchecked Sendable {
    private var tasks: [Task]

    init(_ tasks: [Task]) { self.tasks = tasks }

    func free() { tasks = [] }
  }

  private struct State {
    /// Each with an earlier restore of the task to continue from, if there is one.
    var waiting: [(request: RestoreRequest, earlier: Outcome?)] = []
    /// The running restores with their progress.
    var current: [(request: RestoreRequest, progress: RestoreProgress)] = []
    var outcomes: [Outcome] = []
    var threads = 0
    /// The running restore and its start, if the queue has no threads.
    var restorer: TaskRestorer<Task>?
    var since: Int64 = 0
  }

  /// Passes tasks between threads: the holder of the lock owns them.
  private final class Shared: @unchecked Sendable {
    private let lock = Mutex(())
    private var state = State()

    func with<T>(_ body: (inout State) -> T) -> T { lock.withLock { _ in body(&state) } }
  }

  private let shared = Shared()
  private let makeRestorer: @Sendable (RestoreRequest, Outcome?) -> TaskRestorer<Task>
  private let hasOwnThread: Bool
  private let name: String
  private let now: @Sendable () -> Int64

  /// Without threads of its own, as in simulations, each `take` does one step of the work.
  init(
    named name: String, hasOwnThread: Bool, now: @escaping @Sendable () -> Int64,
    _ makeRestorer: @escaping @Sendable (RestoreRequest, _ earlier: Outcome?) -> TaskRestorer<Task>
  ) {
    self.name = name
    self.hasOwnThread = hasOwnThread
    self.now = now
    self.makeRestorer = makeRestorer
  }

  private static var maxThreads: Int { 2 }

  /// Adds a request, which may continue from an earlier restore of the task. There must be no other reference to that.
  func add(_ request: RestoreRequest, from earlier: consuming Outcome? = nil) {
    let mustStart = shared.with { state in
      state.waiting.append((request, earlier))
      guard hasOwnThread, state.threads < Self.maxThreads else { return false }
      state.threads += 1
      return true
    }
    guard mustStart else { return }
    startThread(named: name) { [self] in work() }
  }

  /// Cancels the requests for these tasks.
  func cancel(_ tasks: [Int32]) {
    shared.with { state in
      state.waiting.removeAll { tasks.contains($0.request.task) }
      state.outcomes.removeAll { tasks.contains($0.request.task) }
      state.current.removeAll { tasks.contains($0.request.task) }
      if state.current.isEmpty { state.restorer = nil }
    }
  }

  /// Frees tasks in the background, since a large one takes half a second. There must be no other reference to them.
  func free(_ tasks: consuming [Task]) {
    guard hasOwnThread, !tasks.isEmpty else { return }
    let dropped = DroppedTasks(tasks)
    startThread(named: "\(name)-free") { dropped.free() }
  }

  /// Cancels all requests, and waits for its threads to end.
  func close() {
    shared.with { $0.waiting = [] }
    cancel(shared.with { $0.current.map(\.request.task) })
    while shared.with({ $0.threads > 0 }) { Clock.sleep(milliseconds: 1) }
  }

  /// Returns the requests that were finished since the last call.
  func take() -> [Outcome] {
    if !hasOwnThread { step() }
    return shared.with { state in
      defer { state.outcomes = [] }
      return state.outcomes
    }
  }

  /// The progress of the running restore, the first if there are two.
  var progress: RestoreProgress? { shared.with { $0.current.first?.progress } }

  // MARK: On threads of its own

  private func work() {
    while let (request, earlier) = next() {
      let restorer = makeRestorer(request, earlier)
      let start = now()
      while !note(step(restorer, request, since: start), restorer.progress, of: request) {}
    }
  }

  private func next() -> (RestoreRequest, earlier: Outcome?)? {
    shared.with { state in
      guard !state.waiting.isEmpty else {
        if hasOwnThread { state.threads -= 1 }
        return nil
      }
      let next = state.waiting.removeFirst()
      state.current.append((next.request, RestoreProgress(task: next.request.task)))
      return (next.request, next.earlier)
    }
  }

  /// Does one step of a restore. Nil if it is not finished.
  private func step(
    _ restorer: TaskRestorer<Task>, _ request: RestoreRequest, since start: Int64
  ) -> Outcome? {
    do throws(LogError) {
      guard let restored = try restorer.step() else { return nil }
      return Outcome(
        request: request, result: .success(restored), progress: restorer.progress, took: now() - start)
    } catch {
      return Outcome(
        request: request, result: .failure(error), progress: restorer.progress, took: now() - start)
    }
  }

  /// Records the result of a step. Returns whether the request is finished or was cancelled.
  private func note(_ outcome: Outcome?, _ progress: RestoreProgress, of request: RestoreRequest) -> Bool {
    shared.with { state in
      guard let index = state.current.firstIndex(where: { $0.request.number == request.number }) else {
        return true
      }
      guard let outcome else {
        state.current[index].progress = progress
        return false
      }
      state.current.remove(at: index)
      state.outcomes.append(outcome)
      return true
    }
  }

  // MARK: Without threads

  private func step() {
    let isIdle = shared.with { $0.current.isEmpty }
    if isIdle, let (request, earlier) = next() {
      let restorer = makeRestorer(request, earlier)
      let start = now()
      shared.with {
        $0.restorer = restorer
        $0.since = start
      }
    }
    let work = shared.with { state in
      state.restorer.flatMap { restorer in state.current.first.map { (restorer, $0.request, state.since) } }
    }
    guard let (restorer, request, start) = work else { return }
    let outcome = step(restorer, request, since: start)
    if note(outcome, restorer.progress, of: request) { shared.with { $0.restorer = nil } }
  }
}
