import Contract
import EventLog
import Platform
import Synchronization

/// Restores the tasks of one driver, two at a time, on threads of its own, and frees those that it has given up: those that are
/// live are not held up.
///
/// The driver's thread calls everything. A task belongs to the queue's threads until `take` hands it out.
final class RestoreQueue<Task: StageTask>: Sendable {
  /// What became of a request.
  struct Outcome {
    var request: RestoreRequest
    var result: Result<Checkpoint<Task>, LogError>
    var progress: RestoreProgress
    /// Milliseconds that it took.
    var took: Int64
  }

  /// Tasks that nobody else knows any more.
  private final class GivenUp: @unchecked Sendable {
    private var tasks: [Task]

    init(_ tasks: [Task]) { self.tasks = tasks }

    func free() { tasks = [] }
  }

  private struct State {
    /// Each perhaps with what was restored of it before.
    var waiting: [(request: RestoreRequest, former: Outcome?)] = []
    /// Those that are worked on, and how far that is.
    var current: [(request: RestoreRequest, progress: RestoreProgress)] = []
    var outcomes: [Outcome] = []
    var threads = 0
    /// Only without a thread: what is worked on, and since when.
    var restorer: TaskRestorer<Task>?
    var since: Int64 = 0
  }

  /// Lets tasks go from one thread to another: whoever holds the lock owns what is in it.
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

  /// Without a thread of its own it goes on by one step with each `take`.
  init(
    named name: String, hasOwnThread: Bool, now: @escaping @Sendable () -> Int64,
    _ makeRestorer: @escaping @Sendable (RestoreRequest, _ former: Outcome?) -> TaskRestorer<Task>
  ) {
    self.name = name
    self.hasOwnThread = hasOwnThread
    self.now = now
    self.makeRestorer = makeRestorer
  }

  private static var mostThreads: Int { 2 }

  /// `former` is what was restored of the task before, of which there must be no other reference.
  func add(_ request: RestoreRequest, from former: consuming Outcome? = nil) {
    let mustStart = shared.with { state in
      state.waiting.append((request, former))
      guard hasOwnThread, state.threads < Self.mostThreads else { return false }
      state.threads += 1
      return true
    }
    guard mustStart else { return }
    startThread(named: name) { [self] in work() }
  }

  /// Gives up what is asked for of these tasks.
  func cancel(_ tasks: [Int32]) {
    shared.with { state in
      state.waiting.removeAll { tasks.contains($0.request.task) }
      state.outcomes.removeAll { tasks.contains($0.request.task) }
      state.current.removeAll { tasks.contains($0.request.task) }
      if state.current.isEmpty { state.restorer = nil }
    }
  }

  /// Frees tasks, of which there must be no other reference: a large one takes half a second.
  func free(_ tasks: consuming [Task]) {
    guard hasOwnThread, !tasks.isEmpty else { return }
    let givenUp = GivenUp(tasks)
    startThread(named: "\(name)-free") { givenUp.free() }
  }

  /// Gives up all, and waits until its thread holds nothing any more.
  func close() {
    shared.with { $0.waiting = [] }
    cancel(shared.with { $0.current.map(\.request.task) })
    while shared.with({ $0.threads > 0 }) { Clock.sleep(milliseconds: 1) }
  }

  /// What is done since the last call.
  func take() -> [Outcome] {
    if !hasOwnThread { step() }
    return shared.with { state in
      defer { state.outcomes = [] }
      return state.outcomes
    }
  }

  /// How far the one is that is worked on, the first if there are two.
  var progress: RestoreProgress? { shared.with { $0.current.first?.progress } }

  // MARK: On threads of its own

  private func work() {
    while let (request, former) = next() {
      let restorer = makeRestorer(request, former)
      let start = now()
      while !note(step(restorer, request, since: start), restorer.progress, of: request) {}
    }
  }

  private func next() -> (RestoreRequest, former: Outcome?)? {
    shared.with { state in
      guard !state.waiting.isEmpty else {
        if hasOwnThread { state.threads -= 1 }
        return nil
      }
      let next = state.waiting.removeFirst()
      state.current.append((next.request, RestoreProgress(task: next.request.task)))
      return (next.request, next.former)
    }
  }

  /// Nil if it is not done yet.
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

  /// Returns whether that was the end of the request, be it that nobody wants it any more.
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

  // MARK: Without one

  private func step() {
    let isIdle = shared.with { $0.current.isEmpty }
    if isIdle, let (request, former) = next() {
      let restorer = makeRestorer(request, former)
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
