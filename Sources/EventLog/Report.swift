/// How much what is reported matters to the people who run the program.
public enum Severity: Sendable {
  case info
  case warning
}

/// Tells the people who run the program something, a line each; on any thread.
public typealias Report = @Sendable (Severity, String) -> Void
