/// The severity of a log message.
public enum Severity: Sendable {
  case info
  case warning
}

/// Logs a line for the operators of the program. Called on any thread.
public typealias Report = @Sendable (Severity, String) -> Void
