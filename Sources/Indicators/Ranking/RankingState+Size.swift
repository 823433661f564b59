extension RankingState {
  /// How many (partner, cell)s it keeps something of. O(n) in its cells.
  public var entryCount: Int { cells.reduce(0) { $0 + $1.slots.count } }
}
