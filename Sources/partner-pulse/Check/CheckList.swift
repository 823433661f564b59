/// Prints the outcome of each check as a line, and counts checks and failures.
struct CheckList {
  enum Verdict: String {
    case ok
    case warning
    case wrong
    case skipped
  }

  private let console: Console
  private(set) var failures = 0
  private(set) var tried = 0

  init(_ console: Console) { self.console = console }

  mutating func note(_ verdict: Verdict, _ subject: String, _ finding: String) throws {
    let verdictText = verdict.rawValue.padding(to: 8)
    try console.print("\(verdictText)\(subject): \(finding)\n")
    // Shown at once, since the next check may take a while.
    try console.flush()
    if verdict == .wrong { failures += 1 }
    if verdict != .skipped { tried += 1 }
  }

  /// Reports what `body` found, or its error and the remedy. Nil if it failed.
  mutating func attempt<T>(
    _ subject: String, remedy: (any Error) -> String? = { _ in nil }, _ body: () throws -> (T, String)
  ) throws -> T? {
    let outcome = Result { try body() }
    switch outcome {
    case .success(let (value, finding)):
      try note(.ok, subject, finding)
      return value
    case .failure(let error):
      try note(.wrong, subject, "\(error)" + (remedy(error).map { "; \($0)" } ?? ""))
      return nil
    }
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
