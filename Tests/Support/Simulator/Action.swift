import SimulatedLog

/// One thing that happens in a simulation. Each carries all that chance decides in it, so that any may be left out.
package enum Action: Sendable {
  /// The next events are written.
  case write(Int)
  /// A driver does one step.
  case step(driver: Int, seed: UInt64)
  /// A process that was replaced, and lives on, does one step.
  case stepZombie(seed: UInt64)
  /// Milliseconds go by.
  case wait(Int64)
  /// A process is gone, at once or at one of its next calls to log and disk.
  case crash(process: Int)
  case crashLater(process: Int, Countdown)
  /// A process ends in good order.
  case stop(process: Int)
  /// A process that does not run is started.
  case start(process: Int)
  /// A process is started though its former self lives: that one is a zombie from now on.
  case replace(process: Int)
  /// A process does nothing for so many milliseconds.
  case pause(process: Int, Int64)
  /// A process reaches no broker for so many milliseconds.
  case cutOff(process: Int, Int64)
  /// A process stands still at one of its next calls to log and disk, for so many milliseconds, while others go on.
  case interrupt(process: Int, Countdown, Int64, seed: UInt64)
  case failCommit(process: Int, CommitFault)
  case rebalance(ranking: Bool, seed: UInt64)
  case compact(seed: UInt64)
  case damage(process: Int, DiskFault, seed: UInt64)
  /// The log loses the beginning of an input.
  case expire(seed: UInt64)
}

/// What happens to the checkpoints of a process.
package enum DiskFault: Sendable, CaseIterable {
  /// One has other bytes, or fewer.
  case torn
  /// One is gone.
  case lost
  /// One is as it was before.
  case reverted
  /// No new one can be written for a while.
  case full
}
