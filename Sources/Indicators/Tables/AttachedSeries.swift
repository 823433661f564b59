import Contract

/// What is attached to a subscription by month: the amounts billed and credited, and the number of assigned seats.
///
/// Sums of amounts are exact beyond 64 bits: the lower 48 bits of each are stored separately from the rest, which is almost always
/// zero and then takes no memory.
package struct AttachedSeries {
  /// What was billed, and what was credited, in millionths of the currency.
  package enum Amount: Int, CaseIterable, Sendable {
    case billed = 0
    /// Positive.
    case credited = 2

    /// The component whose column has the lower bits; that of the next one has the rest.
    fileprivate var low: Component { self == .billed ? .billedMicros : .customersAdded }
    fileprivate var high: Component { self == .billed ? .creditedMicros : .customersLost }
  }

  private static let lowBits: Int64 = 48

  private var rows = PackedRows()

  package init() {}

  package var byteCount: Int { rows.byteCount }

  /// Adds to an amount in a month; no change may leave 62 bits.
  package mutating func add(_ delta: Int64, to amount: Amount, in month: Month) {
    let carried = rows.add(delta, to: amount.low, in: month) >> Self.lowBits
    guard carried != 0 else { return }
    _ = rows.add(-(carried << Self.lowBits), to: amount.low, in: month)
    _ = rows.add(carried, to: amount.high, in: month)
  }

  /// Raises the number of assigned seats by `delta` in `months`.
  package mutating func addAssigned(_ delta: Int64, during months: Range<Month>) {
    _ = rows.add(delta, to: .assignedSeats, in: months.lowerBound)
    if months.upperBound != .never { _ = rows.add(0 &- delta, to: .assignedSeats, in: months.upperBound) }
  }

  /// Calls `body` with each sum of `months` that is not zero, in no order: its lower 64 bits, and whether it has more.
  package func forEachSum(
    of amount: Amount, in months: Range<Month>, _ body: (Month, _ sum: Int64, _ hasMore: Bool) -> Void
  ) {
    let (lowKind, highKind) = (amount.low, amount.high)
    rows.forEachColumn { column in
      guard column.kind == lowKind || column.kind == highKind else { return }
      var next = PackedReader(column, from: column.position(ofMonth: months.lowerBound.index))
      while next.month < months.upperBound.index {
        let month = Month(index: next.month)
        let value = next.take()
        let other = rows.value(of: column.kind == lowKind ? highKind : lowKind, in: month)
        // A sum with both parts is passed once.
        guard value != 0, column.kind == lowKind || other == 0 else { continue }
        let (low, high) = column.kind == lowKind ? (value, other) : (0, value)
        let sum = high << Self.lowBits &+ low
        body(month, sum, sum >> Self.lowBits != high)
      }
    }
  }

  /// Calls `body` with the changes of the assigned seats within `months` only: the level starts from zero and ends at zero.
  package func forEachAssignedChange(during months: Range<Month>, _ body: (Month, Int64) -> Void) {
    var level = LevelDuring(months)
    rows.forEachColumn { column in
      guard column.kind == .assignedSeats else { return }
      var next = PackedReader(column, from: 0)
      while next.month < months.upperBound.index {
        let month = Month(index: next.month)
        level.change(by: next.take(), at: month, body)
      }
    }
    level.end(body)
  }
}
