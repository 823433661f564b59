import Topology

/// Shows the progress of a long operation: as a bar on a terminal, otherwise as log lines if `isLogged`.
struct ProgressBar {
  private let console: Console
  private let label: String
  private let isLogged: Bool
  private let start = ContinuousClock.now
  private var first: Progress?
  private var drawn: ContinuousClock.Instant?
  private static let cells = 30

  init(_ label: String, on console: Console, isLogged: Bool = false) {
    self.label = label
    self.console = console
    self.isLogged = isLogged
  }

  /// Draws at most ten times a second, or logs at most every ten seconds.
  mutating func update(done: Int64, total: Int64) {
    let (progress, now) = (Progress(done: done, total: total), ContinuousClock.now)
    let before = first ?? progress
    first = before
    guard console.isInteractive || isLogged, total > 0,
      drawn.map({ now - $0 >= (console.isInteractive ? .milliseconds(100) : .seconds(10)) }) ?? true
    else { return }
    drawn = now
    let elapsed = now - start
    let left = progress.secondsLeft(since: before, elapsed: elapsed / .seconds(1))
    let text =
      "\(Int(progress.share * 100)) %, \(elapsed.components.seconds) s"
      + (left.map { ", about \(Int($0.rounded(.up))) s left" } ?? "")
    guard console.isInteractive else {
      return console.log(.info, "\(label): \(done) of \(total), \(text)")
    }
    let full = Int(progress.share * Double(Self.cells))
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: Self.cells - full)
    console.show("\(label) \(bar) \(text)")
  }

  /// Removes the bar.
  func end() {
    if drawn != nil { console.show("") }
  }
}
