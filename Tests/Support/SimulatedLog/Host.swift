import EventLog
import Randomness

/// What happens to a commit.
package enum CommitFault: Sendable, Equatable, CaseIterable {
  /// A record is not delivered, so the transaction is aborted.
  case undelivered
  case aborted
  /// Not known to the member, and not committed: it stays open until it is fenced or times out.
  case unknownOpen
  /// Not known to the member, and committed.
  case unknownCommitted
  /// Not known to the member; decided, but not yet to be seen.
  case unknownPrepared
  /// The same, and the host dies.
  case diesPrepared
  case fatal
  case fatalCommitted
}

/// So many calls to log or disk from now, or so many from inside of commits.
package struct Countdown: Sendable {
  package var calls: Int
  package var onlyInCommits: Bool

  package init(calls: Int, onlyInCommits: Bool) {
    self.calls = calls
    self.onlyInCommits = onlyInCommits
  }

  /// Counts a call; returns whether it is the last one.
  mutating func count(inCommit: Bool) -> Bool {
    guard inCommit || !onlyInCommits else { return false }
    calls -= 1
    return calls <= 0
  }
}

/// The machine that one process runs on: what of it fails.
package final class Host {
  /// Everything that it asks of log and disk fails and has no effect.
  package private(set) var isDead = false
  /// When it dies; nil for never.
  package var death: Countdown?
  /// When it stands still for once, and what others do meanwhile.
  package var interruption: (when: Countdown, others: () -> Void)?
  /// What goes on during each call from inside of a commit, if that takes time; nil if it takes none.
  package var delay: (() -> Void)?
  /// It stands still, or waits within a commit, now.
  package private(set) var isInterrupted = false
  /// It cannot reach the brokers until then.
  package var isCutOffUntil: Int64 = .min
  /// What happens to the next commits.
  package var commitFaults: [CommitFault] = []
  /// How many polls out of a hundred fail before they do anything, and how many after it.
  package var failingPolls = 0
  /// What chance decides within the step that is under way.
  package var chance = SplitMix64(seed: 0)

  package init() {}

  package func kill() { isDead = true }

  /// Counts a call, which may be the one at which the host dies, or stands still. Returns whether it is alive.
  package func call(inCommit: Bool = false) -> Bool {
    if interruption?.when.count(inCommit: inCommit) == true, let others = interruption?.others {
      interruption = nil
      wait(others)
    }
    if inCommit, let delay { wait(delay) }
    if death?.count(inCommit: inCommit) == true { isDead = true }
    return !isDead
  }

  private func wait(_ others: () -> Void) {
    guard !isInterrupted else { return }
    isInterrupted = true
    others()
    isInterrupted = false
  }
}
