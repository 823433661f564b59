import Contract

/// Numbers cells, so that each is stored once.
struct CellTable: Sendable {
  private var keys = TextTable()
  private var cells: [Cell] = []
  /// Where keys are written, so that a known cell allocates nothing.
  private var key: [UInt8] = []
  /// All numbers in the order of (product, workload, country), each compared by its bytes. Kept sorted, since queries are more
  /// frequent than new cells.
  private(set) var ordered: [UInt32] = []

  // The key identifies the cell, since ids contain no "|".

  func number(of cell: Cell) -> UInt32? { keys.number(of: cell.key) }

  /// O(cells) for a new one.
  mutating func insert(_ cell: Cell) -> UInt32 {
    key.removeAll(keepingCapacity: true)
    cell.writeKey(to: &key)
    let number = key.withUnsafeBytes { keys.insert(BorrowedText(validUTF8: $0)) }
    guard Int(number) == cells.count else { return number }
    cells.append(cell)
    var range = 0..<ordered.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      let isBefore = Self.precedes(cells[Int(ordered[middle])], cell)
      range = isBefore ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    ordered.insert(number, at: range.lowerBound)
    return number
  }

  subscript(number: UInt32) -> Cell { cells[Int(number)] }

  var indices: Range<UInt32> { 0..<UInt32(cells.count) }

  /// For each number, its rank in the order.
  func ranks() -> [UInt32] {
    var ranks = [UInt32](repeating: 0, count: cells.count)
    for (rank, number) in ordered.enumerated() { ranks[Int(number)] = UInt32(rank) }
    return ranks
  }

  private static func precedes(_ left: Cell, _ right: Cell) -> Bool {
    left.product.precedes(right.product) ?? left.workload.precedes(right.workload)
      ?? left.country.precedes(right.country) ?? false
  }
}
