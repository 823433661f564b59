import Glibc

/// Standard error with a line at the bottom that changes in place.
struct TerminalLine {
  private var shown = ""

  /// Prints `text` above the line.
  mutating func print(_ text: String) {
    put(shown.isEmpty ? text : "\r\u{1b}[K" + text + shown)
  }

  /// Changes the line; an empty one removes it.
  mutating func show(_ line: String) {
    put("\r\u{1b}[K" + line)
    shown = line
  }

  private func put(_ text: String) {
    // Where nobody can be told, nothing can be done.
    var buffer = OutputBuffer(descriptor: STDERR_FILENO)
    try? buffer.append(text.utf8)
    try? buffer.flush()
  }
}
