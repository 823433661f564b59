/// How far a long work is, on the terminal.
struct ProgressBar {
  private let console: Console
  private let label: String
  private let start = ContinuousClock.now
  private var drawn: ContinuousClock.Instant?
  private static let cells = 30

  init(_ label: String, on console: Console) {
    self.label = label
    self.console = console
  }

  /// Draws, at most ten times a second.
  mutating func update(done: Int64, total: Int64) {
    let now = ContinuousClock.now
    guard console.isInteractive, total > 0, drawn.map({ now - $0 >= .milliseconds(100) }) ?? true else {
      return
    }
    drawn = now
    let share = min(1, max(0, Double(done) / Double(total)))
    let full = Int(share * Double(Self.cells))
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: Self.cells - full)
    console.show("\(label) \(bar) \(Int(share * 100)) %, \((now - start).components.seconds) s")
  }

  /// Removes the bar.
  func end() {
    if drawn != nil { console.show("") }
  }
}
