/// The ticks of a chart's axis: round numbers at equal distances, including zero.
package struct Axis: Sendable {
  /// Ascending; at least two.
  package let ticks: [Double]

  /// An axis that covers `values`. `isWhole` is for counts: ticks are whole numbers.
  package init(over values: [Double], isWhole: Bool) {
    let finite = values.filter(\.isFinite) + [0]
    let least = finite.min() ?? 0
    var greatest = finite.max() ?? 0
    // Even if all values are zero, the axis needs a length.
    if least == greatest { greatest = least + 1 }
    let span = greatest - least
    // The smallest round step that gives about five ticks.
    var unit = 1.0
    while unit * 10 <= span / 4 { unit *= 10 }
    while unit > span / 4 { unit /= 10 }
    var step = [1.0, 2, 2.5, 5, 10].map { $0 * unit }.first { $0 >= span / 4 } ?? unit * 10
    if isWhole { step = max(1, step.rounded(.up)) }
    let (first, last) = ((least / step).rounded(.down), (greatest / step).rounded(.up))
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// The position of a value, from 0 (first tick) to 1 (last tick).
  package func place(of value: Double) -> Double {
    let (first, last) = (ticks[0], ticks[ticks.count - 1])
    return min(1, max(0, (value - first) / (last - first)))
  }
}
