import Contract

/// Cells, each held once and known by its number.
struct CellTable: Sendable {
  private var keys = TextTable()
  private var cells: [Cell] = []

  // No id holds a bar, so a cell's key is its own.

  func number(of cell: Cell) -> UInt32? { keys.number(of: cell.key) }

  mutating func insert(_ cell: Cell) -> UInt32 {
    let number = keys.insert(cell.key)
    if Int(number) == cells.count { cells.append(cell) }
    return number
  }

  subscript(number: UInt32) -> Cell { cells[Int(number)] }

  var indices: Range<UInt32> { 0..<UInt32(cells.count) }

  /// For each number, its place in the order of (product, workload, country), each compared by its bytes.
  func ranks() -> [UInt32] {
    let sorted = indices.sorted { left, right in
      let (left, right) = (cells[Int(left)], cells[Int(right)])
      for path in [\Cell.product, \Cell.workload, \Cell.country]
      where !left[keyPath: path].hasSameUTF8(as: right[keyPath: path]) {
        return left[keyPath: path].utf8.lexicographicallyPrecedes(right[keyPath: path].utf8)
      }
      return false
    }
    var ranks = [UInt32](repeating: 0, count: cells.count)
    for (rank, number) in sorted.enumerated() { ranks[Int(number)] = UInt32(rank) }
    return ranks
  }
}

extension String {
  func hasSameUTF8(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
