import Contract
import SnapshotView

/// The first partners under no filter in the current month, as text: for each indicator its value, bar and trend.
struct DemoTable {
  let isTerminal: Bool
  private var last: [ExactText: [String]] = [:]
  private static let rows = 12
  private static let nameWidth = 32
  private static let cellWidth = 13

  init(isTerminal: Bool) { self.isTerminal = isTerminal }

  /// The table; nil as long as there is nothing to show.
  mutating func draw(_ view: SnapshotView) -> String? {
    guard let month = view.months(of: Cell()).last else { return nil }
    var filter = ResultFilter()
    (filter.product, filter.workload, filter.country, filter.month) = ("", "", "", month)
    var snapshots: [IndicatorSnapshot] = []
    view.forEachSnapshot(filter) { snapshots.append($0) }
    snapshots.sort { ($0[.netNewRevenue]?.value ?? 0) > ($1[.netNewRevenue]?.value ?? 0) }
    // Redraws in place: moves home, and erases the rest of each line and finally of the screen.
    let lineEnd = isTerminal ? "\u{1b}[K\n" : "\n"
    var text = isTerminal ? "\u{1b}[H" : ""
    text += "\(month), \(snapshots.count) partners, sorted by net new revenue (twelve months)" + lineEnd
    text += padded("partner", Self.nameWidth)
    for kind in IndicatorKind.allCases { text += padded(kind.definition.heading.description, Self.cellWidth) }
    text += lineEnd
    var shown: [ExactText: [String]] = [:]
    for snapshot in snapshots.prefix(Self.rows) {
      let cells = IndicatorKind.allCases.map { cell(snapshot[$0] ?? Indicator()) }
      let partner = ExactText(snapshot.partnerID)
      shown[partner] = cells
      text +=
        padded(snapshot.partnerID, Self.nameWidth) + row(cells, before: last[partner]) + lineEnd
    }
    last = shown
    return text + (isTerminal ? "\u{1b}[J" : "\n")
  }

  /// A row of cells, with changed ones highlighted.
  private func row(_ cells: [String], before: [String]?) -> String {
    zip(cells, before ?? cells).map { cell, before in
      let text = padded(cell, Self.cellWidth)
      guard cell != before else { return text }
      return isTerminal ? "\u{1b}[1;32m\(text)\u{1b}[0m" : padded(cell + "*", Self.cellWidth)
    }.joined()
  }

  private func cell(_ indicator: Indicator) -> String {
    guard let value = indicator.value else { return "–" }
    let bar = Int(min(4, max(0, indicator.bar ?? 0)))
    let bars = String(repeating: "█", count: bar) + String(repeating: "░", count: 4 - bar)
    let trend = indicator.trend == .up ? "↑" : indicator.trend == .down ? "↓" : " "
    return "\(bars) \(Self.short(value))\(trend)"
  }

  private static func short(_ value: Double) -> String {
    switch value.magnitude {
    case 1_000_000...: "\(rounded(value / 1_000_000))M"
    case 100_000...: "\(Int((value / 1000).rounded()))k"
    case 10_000...: "\((value / 100).rounded() / 10)k"
    case 100...: String(Int(value.rounded()))
    default: rounded(value)
    }
  }

  /// With at most two decimals.
  private static func rounded(_ value: Double) -> String {
    let hundredths = (value * 100).rounded() / 100
    return hundredths == hundredths.rounded() ? String(Int(hundredths)) : String(hundredths)
  }

  private func padded(_ text: String, _ width: Int) -> String {
    let cut = text.prefix(width - 1)
    return cut + String(repeating: " ", count: width - cut.count)
  }
}
