import Contract
import SimulatedLog

/// One thing that happens in a simulation. Each carries all that chance decides in it, so that any may be left out.
/// Processes are counted through all generations, those of the first one first.
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
  /// For so many milliseconds each call from inside of a process's commits takes `perCall`, while others go on.
  case slow(process: Int, perCall: Int64, Int64, seed: UInt64)
  case failCommit(process: Int, CommitFault)
  case rebalance(ranking: Bool, seed: UInt64)
  case compact(seed: UInt64)
  case damage(process: Int, DiskFault, seed: UInt64)
  /// The log loses the beginning of an input.
  case expire(seed: UInt64)
  /// All processes of a generation end, and an output topic of it loses its beginning, or all, before any is started again.
  case lose(Topic, OutputLoss, seed: UInt64)
  /// A second generation is begun, by as many processes of its own.
  case recompute
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

/// How an output topic loses what is in it.
package enum OutputLoss: Sendable, CaseIterable {
  /// The beginning of some partitions is deleted.
  case beginning
  /// It is deleted and made anew, with offsets from 0.
  case everything
}
