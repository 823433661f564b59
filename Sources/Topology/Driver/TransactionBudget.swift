/// The size limit of a transaction, adapted to how long the last ones took: smaller for slow brokers or quotas.
package struct TransactionBudget: Sendable {
  /// The target duration of a transaction in milliseconds.
  private let time: Int64
  private let most: Int
  /// Bytes of keys and values.
  package private(set) var bytes: Int

  /// The minimum in bytes; a larger record gets a transaction of its own.
  package static let least = 4 << 10

  /// Starts with `first` bytes and grows up to `most`; a transaction should take `time` milliseconds.
  package init(first: Int, most: Int, time: Int64) {
    self.time = max(1, time)
    self.most = max(most, 1)
    bytes = min(first, self.most)
  }

  /// Records the size and the duration of a committed transaction.
  package mutating func succeeded(_ written: Int, milliseconds: Int64) {
    // The duration of a small one depends on the commit, not on its bytes.
    guard written >= bytes / 2 || milliseconds > time else { return }
    let fitting = Double(written) * Double(time) / Double(max(1, milliseconds))
    let nearby = min(max(fitting, Double(bytes) / 4), Double(bytes) * 2)
    bytes = min(most, max(Self.least, Int(nearby)))
  }

  /// Records the size of a transaction that could not be committed.
  package mutating func failed(_ written: Int) {
    bytes = min(most, max(Self.least, min(bytes, written) / 4))
  }
}
