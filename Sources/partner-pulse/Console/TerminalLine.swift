import Glibc

/// Standard error with a status line at the bottom.
struct TerminalLine {
  private var shown = ""

  /// Prints `text` above the status line.
  mutating func print(_ text: String) {
    put(shown.isEmpty ? text : "\r\u{1b}[K" + text + shown)
  }

  /// Replaces the status line; an empty one removes it.
  mutating func show(_ line: String) {
    put("\r\u{1b}[K" + line)
    shown = line
  }

  private func put(_ text: String) {
    // There is nowhere to report a failure to write to standard error.
    var buffer = OutputBuffer(descriptor: STDERR_FILENO)
    try? buffer.append(text.utf8)
    try? buffer.flush()
  }
}
