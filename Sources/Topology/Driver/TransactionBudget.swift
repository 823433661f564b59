/// How much one transaction may hold, by what the last ones took: a slow broker, or a quota, gets smaller ones.
package struct TransactionBudget: Sendable {
  /// Milliseconds that a transaction may take.
  private let time: Int64
  private let most: Int
  /// Bytes of keys and values.
  package private(set) var bytes: Int

  /// A record that is larger is a transaction of its own.
  package static let least = 4 << 10

  /// Starts with `first` bytes, of `most` at the most; a transaction is to take `time` milliseconds.
  package init(first: Int, most: Int, time: Int64) {
    self.time = max(1, time)
    self.most = max(most, 1)
    bytes = min(first, self.most)
  }

  /// Takes in that a transaction of so many bytes took so many milliseconds.
  package mutating func succeeded(_ written: Int, milliseconds: Int64) {
    // A small one says how long a commit takes, not how long its bytes do.
    guard written >= bytes / 2 || milliseconds > time else { return }
    let fitting = Double(written) * Double(time) / Double(max(1, milliseconds))
    let nearby = min(max(fitting, Double(bytes) / 4), Double(bytes) * 2)
    bytes = min(most, max(Self.least, Int(nearby)))
  }

  /// Takes in that a transaction of so many bytes could not be committed.
  package mutating func failed(_ written: Int) {
    bytes = min(most, max(Self.least, min(bytes, written) / 4))
  }
}
