import Contract
import Glibc
import Indicators
import Platform
import Synchronization

/// Explains numbers. `ask` never blocks: it returns a cached answer or queues the request, and `run` works off the queue on one
/// thread.
///
/// What was read for a partner is cached until a published number shows that there is newer input. Memory: the facts of `keptBooks`
/// partners, the events of one, and `keptAnswers` answers.
package final class ExplanationService: Sendable {
  /// Reads the facts of a partner's numbers, as known at each of `moments` (nil for now); returns nil if `isCancelled` returned
  /// true.
  package typealias Read =
    @Sendable (_ partnerID: String, _ moments: [Int64?], _ isCancelled: () -> Bool) throws -> [FactBook]?

  /// Reads the events of a partner's circle; returns nil if `isCancelled` returned true.
  package typealias ReadEvents =
    @Sendable (_ partnerID: String, _ isCancelled: () -> Bool) throws -> CircleEvents?

  private struct Job: Sendable {
    var key: ExplanationKey
    var published: Components?
    /// The client that asked first.
    var client: ClientKey
  }

  private struct Entry: Sendable {
    var answer: ExplanationAnswer
    var madeAt: ContinuousClock.Instant
  }

  private struct KeptBook {
    var book: FactBook
    /// The book as of a moment, if one was requested.
    var former: (moment: Int64, book: FactBook)?
    var readAt: ContinuousClock.Instant

    /// Whether it has the moment that a comparison needs.
    func serves(_ comparison: ExplanationQuery.Comparison?) -> Bool {
      comparison?.moment == nil || comparison?.moment == former?.moment
    }
  }

  /// The cache of the working thread.
  private struct Kept {
    /// The most recently used one comes last.
    var books: [KeptBook] = []
    var events: KeptEvents?
  }

  private struct KeptEvents {
    var events: CircleEvents
    var readAt: ContinuousClock.Instant
  }

  private struct State: Sendable {
    /// The first one is being worked on.
    var jobs: [Job] = []
    var entries: [ExplanationKey: Entry] = [:]

    mutating func keep(_ entry: Entry, for key: ExplanationKey) {
      entries[key] = entry
      guard entries.count > ExplanationService.keptAnswers else { return }
      if let oldest = entries.min(by: { $0.value.madeAt < $1.value.madeAt }) { entries[oldest.key] = nil }
    }
  }

  private static let longestQueue = 16
  private static let keptBooks = 4
  private static let keptAnswers = 32

  private let state = Mutex(State())
  private let read: Read
  private let timeLimit: Duration
  private let shortestAge: Duration
  private let jobsPerClient: Int
  private let quick: @Sendable () -> Bool
  private let readEvents: ReadEvents?

  /// - Parameters:
  ///   - timeLimit: after which reading is given up.
  ///   - shortestAge: what was read more recently is not read again, even if numbers have changed since.
  ///   - jobsPerClient: how many requests of one client may be queued.
  ///   - isQuick: whether reading takes only moments, as from a fact store that is up to date.
  ///   - events: reads for histories; nil if there are none.
  ///   - read: reads for all other questions.
  package init(
    timeLimit: Duration = .seconds(60), shortestAge: Duration = .seconds(10),
    jobsPerClient: Int = ClientLimits().explanations, isQuick: @escaping @Sendable () -> Bool = { false },
    events: ReadEvents? = nil, read: @escaping Read
  ) {
    (quick, readEvents) = (isQuick, events)
    (self.timeLimit, self.shortestAge, self.read) = (timeLimit, shortestAge, read)
    self.jobsPerClient = jobsPerClient
  }

  /// Whether a page may request an explanation that nobody has asked for.
  var isQuick: Bool { quick() }

  var hasHistories: Bool { readEvents != nil }

  /// The cached answer, or `.inWork` after queuing the request. `published` are the current numbers. Does not block.
  func ask(_ key: ExplanationKey, published: Components?, for client: ClientKey) -> ExplanationAnswer {
    state.withLock { state in
      if let entry = state.entries[key] {
        let isYoung = ContinuousClock.now - entry.madeAt < shortestAge
        if isYoung || !entry.answer.differs(from: published) { return entry.answer }
      }
      if state.jobs.contains(where: { $0.key == key }) { return .inWork }
      guard state.jobs.count(where: { $0.client == client }) < jobsPerClient else { return .tooMany }
      guard state.jobs.count < Self.longestQueue else { return .busy }
      state.jobs.append(Job(key: key, published: published, client: client))
      return .inWork
    }
  }

  /// Works off the queue until `stop`. Blocks.
  package func run(until stop: StopSignal) {
    var kept = Kept()
    repeat {
      answerAll(&kept) { stop.isStopped }
    } while !stop.wait(for: .milliseconds(50))
  }

  /// Works off what is queued now.
  package func answerAll() {
    var kept = Kept()
    answerAll(&kept) { false }
  }

  private func answerAll(_ kept: inout Kept, until isStopped: () -> Bool) {
    while !isStopped(), let job = state.withLock({ $0.jobs.first }) {
      let answer =
        if case .history(let page) = job.key.question {
          history(page, job, &kept.events, isStopped)
        } else {
          answer(job, &kept.books, isStopped)
        }
      state.withLock { state in
        state.jobs.removeFirst()
        state.keep(Entry(answer: answer, madeAt: .now), for: job.key)
      }
    }
  }

  private func answer(_ job: Job, _ books: inout [KeptBook], _ isStopped: () -> Bool) -> ExplanationAnswer {
    if let index = books.firstIndex(where: { ExactText($0.book.circle.partnerID) == job.key.partner }) {
      let kept = books.remove(at: index)
      if kept.serves(job.key.comparison) {
        let answer = Self.explain(job.key, from: kept)
        if ContinuousClock.now - kept.readAt < shortestAge || !answer.differs(from: job.published) {
          books.append(kept)
          return answer
        }
      }
    }
    let deadline = ContinuousClock.now + timeLimit
    do {
      let moment = job.key.comparison?.moment
      let read = try read(job.key.partnerID, [nil] + (moment.map { [$0] } ?? [])) {
        isStopped() || ContinuousClock.now > deadline
      }
      guard let read, let book = read.first, let former = read.last else {
        return tooLong
      }
      let kept = KeptBook(book: book, former: moment.map { ($0, former) }, readAt: .now)
      books.append(kept)
      if books.count > Self.keptBooks { books.removeFirst() }
      return Self.explain(job.key, from: kept)
    } catch {
      return Self.unreadable(error)
    }
  }

  private func history(
    _ page: NumberHistory.Page, _ job: Job, _ kept: inout KeptEvents?, _ isStopped: () -> Bool
  ) -> ExplanationAnswer {
    let deadline = ContinuousClock.now + timeLimit
    func isCancelled() -> Bool { isStopped() || ContinuousClock.now > deadline }
    func answer(_ events: CircleEvents) -> ExplanationAnswer {
      events.history(job.key.query, page, isCancelled: isCancelled).map(ExplanationAnswer.history)
        ?? (isCancelled() ? tooLong : .unknownCell)
    }
    if let known = kept, ExactText(known.events.circle.partnerID) == job.key.partner {
      let answer = answer(known.events)
      let isYoung = ContinuousClock.now - known.readAt < shortestAge
      if isYoung || !answer.differs(from: job.published) { return answer }
    }
    kept = nil
    do {
      guard let events = try readEvents?(job.key.partnerID, isCancelled) else { return tooLong }
      kept = KeptEvents(events: events, readAt: .now)
      return answer(events)
    } catch {
      return Self.unreadable(error)
    }
  }

  private var tooLong: ExplanationAnswer { .failed("reading the events took longer than \(timeLimit)") }

  private static func unreadable(_ error: any Error) -> ExplanationAnswer {
    .failed("the events cannot be read: \(error)")
  }

  private static func explain(_ key: ExplanationKey, from kept: KeptBook) -> ExplanationAnswer {
    guard let comparison = key.comparison else {
      return kept.book.explain(key.query).map(ExplanationAnswer.facts) ?? .unknownCell
    }
    let former = kept.former?.book ?? kept.book
    return kept.book.difference(key.query, from: comparison, former: former).map(ExplanationAnswer.difference)
      ?? .unknownCell
  }
}
