/// What was tried, and what came of it; a line of standard output for each thing.
struct CheckList {
  enum Verdict: String {
    case good = "ok"
    case doubtful = "warning"
    case bad = "wrong"
    case untried = "skipped"
  }

  private let console: Console
  private(set) var failures = 0
  private(set) var tried = 0

  init(_ console: Console) { self.console = console }

  mutating func note(_ verdict: Verdict, _ subject: String, _ finding: String) throws {
    let verdictText = verdict.rawValue.padding(to: 8)
    try console.print("\(verdictText)\(subject): \(finding)\n")
    // Somebody may be watching, and what follows may take a while.
    try console.flush()
    if verdict == .bad { failures += 1 }
    if verdict != .untried { tried += 1 }
  }

  /// Notes what `body` returns, or why it failed and what to do about it. Nil if it failed.
  mutating func attempt<T>(
    _ subject: String, remedy: (any Error) -> String? = { _ in nil }, _ body: () throws -> (T, String)
  ) throws -> T? {
    let outcome = Result { try body() }
    switch outcome {
    case .success(let (value, finding)):
      try note(.good, subject, finding)
      return value
    case .failure(let error):
      try note(.bad, subject, "\(error)" + (remedy(error).map { "; \($0)" } ?? ""))
      return nil
    }
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
