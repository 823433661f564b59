/// A cell and a month, by their numbers.
struct CellMonth: Hashable, Sendable {
  var cell: UInt32
  var month: UInt32
}

/// Numbers pairs of a cell and a month, so that the keys of snapshots are short.
struct CellMonthTable: Sendable {
  private var numbers: [CellMonth: UInt32] = [:]
  /// By their numbers.
  private(set) var all: [CellMonth] = []

  func number(of pair: CellMonth) -> UInt32? { numbers[pair] }

  mutating func insert(_ pair: CellMonth) -> UInt32 {
    if let number = numbers[pair] { return number }
    let number = UInt32(all.count)
    numbers[pair] = number
    all.append(pair)
    return number
  }

  subscript(number: UInt32) -> CellMonth { all[Int(number)] }
}
