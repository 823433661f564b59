/// The ticks of a chart's axis: round numbers at the same distance, zero among them.
package struct Axis: Sendable {
  /// The least first; two at least.
  package let ticks: [Double]

  /// Over all of `values`. `isWhole` is for counts, of which there are no halves.
  package init(over values: [Double], isWhole: Bool) {
    let finite = values.filter(\.isFinite) + [0]
    let least = finite.min() ?? 0
    var greatest = finite.max() ?? 0
    // Where all are zero, an axis still needs a length.
    if least == greatest { greatest = least + 1 }
    let span = greatest - least
    // The roundest step that makes four or five of them.
    var unit = 1.0
    while unit * 10 <= span / 4 { unit *= 10 }
    while unit > span / 4 { unit /= 10 }
    var step = [1.0, 2, 2.5, 5, 10].map { $0 * unit }.first { $0 >= span / 4 } ?? unit * 10
    if isWhole { step = max(1, step.rounded(.up)) }
    let (first, last) = ((least / step).rounded(.down), (greatest / step).rounded(.up))
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// Where a value is between the first tick (0) and the last (1).
  package func place(of value: Double) -> Double {
    let (first, last) = (ticks[0], ticks[ticks.count - 1])
    return min(1, max(0, (value - first) / (last - first)))
  }
}
