import Contract

/// Additions to components of many aggregates, in the order in which they came, to be added up by aggregate.
struct GatheredAdditions {
  private struct Addition: BitwiseCopyable {
    var number: Int32
    /// Orders by component and month.
    var place: UInt32
    var delta: Int64
  }

  /// 16 MB: enough that an aggregate has several among them.
  private static let most = 1 << 20
  /// The component is above it.
  private static let monthBits: UInt32 = 24
  private static let monthShift: Int32 = 1 << 23

  private var additions: [Addition] = []

  /// Returns whether there is room for more.
  mutating func append(_ delta: Int64, to component: Component, in month: Month, of number: Int32) -> Bool {
    let place = UInt32(component.rawValue) << Self.monthBits | UInt32(month.index + Self.monthShift)
    additions.append(Addition(number: number, place: place, delta: delta))
    return additions.count < Self.most
  }

  /// Calls `body` with the sums of each aggregate, which ascend by component and month, and with an amount among them that does not
  /// fit, and forgets them. O(additions + aggregates).
  mutating func takeAll(
    _ body: (_ number: Int32, _ sums: UnsafeBufferPointer<PackedValue>, _ outOfRange: Component?) -> Void
  ) {
    var sorted = sortedByNumber()
    additions.removeAll(keepingCapacity: true)
    var sums: [PackedValue] = []
    sorted.withUnsafeMutableBufferPointer { sorted in
      var start = 0
      while start < sorted.count {
        let number = sorted[start].number
        var end = start + 1
        while end < sorted.count, sorted[end].number == number { end += 1 }
        var own = UnsafeMutableBufferPointer(rebasing: sorted[start..<end])
        own.sort { $0.place < $1.place }
        sums.removeAll(keepingCapacity: true)
        let outOfRange = Self.addUp(UnsafeBufferPointer(own), into: &sums)
        sums.withUnsafeBufferPointer { body(number, $0, outOfRange) }
        start = end
      }
    }
  }

  /// A counting sort.
  private func sortedByNumber() -> [Addition] {
    let most = additions.reduce(-1) { max($0, $1.number) }
    var ends = [Int32](repeating: 0, count: Int(most) + 2)
    for addition in additions { ends[Int(addition.number) + 1] += 1 }
    for number in ends.indices.dropFirst() { ends[number] += ends[number - 1] }
    return [Addition](unsafeUninitializedCapacity: additions.count) { sorted, count in
      for addition in additions {
        sorted.initializeElement(at: Int(ends[Int(addition.number)]), to: addition)
        ends[Int(addition.number)] += 1
      }
      count = additions.count
    }
  }

  private static func addUp(
    _ additions: UnsafeBufferPointer<Addition>, into sums: inout [PackedValue]
  ) -> Component? {
    var (last, outOfRange): (UInt32?, Component?) = (nil, nil)
    for addition in additions {
      if addition.place != last {
        last = addition.place
        let month = Int32(addition.place & (1 << monthBits - 1)) - monthShift
        sums.append(
          PackedValue(component: Int32(addition.place >> monthBits), month: month, value: addition.delta))
        continue
      }
      let (sum, overflows) = sums[sums.count - 1].value.addingReportingOverflow(addition.delta)
      sums[sums.count - 1].value = sum
      if overflows, outOfRange == nil { outOfRange = Component(rawValue: Int(addition.place >> monthBits)) }
    }
    return outOfRange
  }
}
