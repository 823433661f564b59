import Contract

/// Additions to components of many aggregates, in the order in which they came, to be added up by aggregate.
struct GatheredAdditions {
  private struct Addition: BitwiseCopyable {
    var number: Int32
    /// Orders by component and month.
    var place: UInt32
    var delta: Int64

    init(_ delta: Int64, to component: Component, in month: Month, of number: Int32) {
      self.number = number
      place = UInt32(component.rawValue) << Self.monthBits | UInt32(month.index + Self.monthShift)
      self.delta = delta
    }

    /// The component is above it.
    private static let monthBits: UInt32 = 24
    private static let monthShift: Int32 = 1 << 23

    var component: Int { Int(place >> Self.monthBits) }
    var month: Int32 { Int32(place & (1 << Self.monthBits - 1)) - Self.monthShift }
  }

  /// 16 MB: enough that an aggregate has several among them.
  private static let most = 1 << 20

  private var additions: [Addition] = []
  /// What they are sorted into, kept since so much memory is not given out at once.
  private var spare: [Addition] = []

  /// Returns whether there is room for more.
  mutating func append(_ delta: Int64, to component: Component, in month: Month, of number: Int32) -> Bool {
    additions.append(Addition(delta, to: component, in: month, of: number))
    return additions.count < Self.most
  }

  /// Calls `body` with the sums of each aggregate, which ascend by component and month, and with an amount among them that does not
  /// fit, and forgets them. O(additions + aggregates).
  mutating func takeAll(
    _ body: (_ number: Int32, _ sums: UnsafeBufferPointer<PackedValue>, _ outOfRange: Component?) -> Void
  ) {
    sort()
    var sums: [PackedValue] = []
    additions.withUnsafeBufferPointer { additions in
      var start = 0
      while start < additions.count {
        let number = additions[start].number
        var end = start + 1
        while end < additions.count, additions[end].number == number { end += 1 }
        sums.removeAll(keepingCapacity: true)
        let outOfRange = Self.addUp(UnsafeBufferPointer(rebasing: additions[start..<end]), into: &sums)
        sums.withUnsafeBufferPointer { body(number, $0, outOfRange) }
        start = end
      }
    }
    additions.removeAll(keepingCapacity: true)
  }

  /// Orders them by aggregate, component and month.
  private mutating func sort() {
    guard let first = additions.first else { return }
    var (oldest, newest, most) = (first.month, first.month, first.number)
    for addition in additions {
      oldest = min(oldest, addition.month)
      newest = max(newest, addition.month)
      most = max(most, addition.number)
    }
    let months = Int(newest - oldest) + 1
    // Months are within a few centuries of each other, unless somebody means it badly.
    if months <= 1 << 14 {
      countingSort(below: Component.allCases.count * months) {
        $0.component * months + Int($0.month - oldest)
      }
    } else {
      additions.sort { $0.place < $1.place }
    }
    countingSort(below: Int(most) + 1) { Int($0.number) }
  }

  /// Keeps the order of those with the same key. O(additions + `bound`).
  private mutating func countingSort(below bound: Int, _ key: (Addition) -> Int) {
    var ends = [Int32](repeating: 0, count: bound + 1)
    for addition in additions { ends[key(addition) + 1] += 1 }
    for index in 1...bound { ends[index] += ends[index - 1] }
    if let first = additions.first, spare.count < additions.count {
      spare.append(contentsOf: repeatElement(first, count: additions.count - spare.count))
    }
    spare.removeLast(spare.count - additions.count)
    spare.withUnsafeMutableBufferPointer { sorted in
      for addition in additions {
        let index = key(addition)
        sorted[Int(ends[index])] = addition
        ends[index] += 1
      }
    }
    swap(&additions, &spare)
  }

  private static func addUp(
    _ additions: UnsafeBufferPointer<Addition>, into sums: inout [PackedValue]
  ) -> Component? {
    var (last, outOfRange): (UInt32?, Component?) = (nil, nil)
    for addition in additions {
      if addition.place != last {
        last = addition.place
        sums.append(
          PackedValue(component: Int32(addition.component), month: addition.month, value: addition.delta))
        continue
      }
      let (sum, overflows) = sums[sums.count - 1].value.addingReportingOverflow(addition.delta)
      sums[sums.count - 1].value = sum
      if overflows, outOfRange == nil { outOfRange = Component(rawValue: addition.component) }
    }
    return outOfRange
  }
}
