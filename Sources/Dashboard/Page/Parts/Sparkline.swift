import Contract

/// Twelve months of an indicator, as a small line chart and as a table.
struct Sparkline {
  let page: PageContext
  let indicator: IndicatorReport
  private static let (width, height, margin) = (220, 44, 6)

  private var localized: Language { page.localized }
  private var history: [HistoryPoint] { indicator.history }
  private let format: ValueFormat

  init(page: PageContext, indicator: IndicatorReport) {
    (self.page, self.indicator) = (page, indicator)
    format = ValueFormat(page.numbers, indicator.kind, distinguishing: indicator.history.compactMap(\.value))
  }

  var html: HTML {
    HTML("div", ["class": "history"]) {
      HTML("div", ["class": "line", "data-part": "line-\(indicator.kind.name)"]) {
        drawing
        HTML("div", ["class": "months", "aria-hidden": "true"]) {
          HTML("span") { page.dates.shortMonth(history.first?.month ?? "") }
          HTML("span") { page.dates.shortMonth(history.last?.month ?? "") }
        }
      }
      HTML("details") {
        HTML("summary") {
          localized("Twelve months", "Douze mois")
          HTML("span", ["class": "unseen"]) {
            localized(" of ", "\u{a0}: ") + IndicatorTexts(indicator.kind, localized).name
          }
        }
        HTML("div", ["class": "values", "data-part": "values-\(indicator.kind.name)"]) { table }
      }
    }
  }

  private var table: HTML {
    HTML("table") {
      HTML("thead") {
        HTML("tr") {
          HTML("th", ["scope": "col"]) { localized("Month", "Mois") }
          HTML("th", ["scope": "col"]) { localized("Value", "Valeur") }
        }
      }
      HTML("tbody") {
        for point in history.reversed() {
          HTML("tr") {
            HTML("th", ["scope": "row"]) {
              page.dates.month(point.month)
              if isInProgress(point) {
                HTML("span", ["class": "progressing"]) { localized(" (in progress)", " (en cours)") }
              }
            }
            HTML("td") { value(point) }
          }
        }
      }
    }
  }

  private func value(_ point: HistoryPoint) -> HTML {
    if let value = point.value { return HTML(text: format.text(value)) }
    return HTML([
      HTML("span", ["aria-hidden": "true"]) { "–" },
      HTML("span", ["class": "unseen"]) { localized("no value", "pas de valeur") },
    ])
  }

  private var drawing: HTML {
    HTML(
      "svg",
      [
        "viewBox": "0 0 \(Self.width) \(Self.height)", "role": "img", "aria-label": description,
        "preserveAspectRatio": "none",
      ]
    ) {
      HTML("path", ["class": "zero", "d": "M0 \(height(of: 0))H\(Self.width)"])
      for run in runs {
        if let first = run.first, let last = run.last, run.count > 1 {
          HTML(
            "polygon",
            [
              "class": "area",
              "points": "\(first.x),\(height(of: 0)) \(points(run)) \(last.x),\(height(of: 0))",
            ])
          HTML("polyline", ["class": "stroke", "points": points(run)])
        }
        for point in run {
          // A line of no length: its round caps stay round when the drawing is stretched.
          HTML("polyline", ["class": point.style, "points": points([point, point])]) {
            HTML("title") { point.title }
          }
        }
      }
    }
  }

  private struct Point {
    var x: Int
    var y: Int
    var title: String
    var style: String
  }

  /// Whether the point is for the report's month, and that may still change.
  private func isInProgress(_ point: HistoryPoint) -> Bool {
    page.report.isInProgress && point.month.hasSameUTF8(as: page.report.month)
  }

  /// The least and the greatest value that is drawn; zero is always included.
  private var bounds: (least: Double, greatest: Double) {
    let values = history.compactMap(\.value).filter(\.isFinite) + [0]
    return (values.min() ?? 0, values.max() ?? 0)
  }

  private func height(of value: Double) -> Int {
    let (least, greatest) = bounds
    let share = greatest > least ? (value - least) / (greatest - least) : 0
    return Self.height - Self.margin - Int((share * Double(Self.height - 2 * Self.margin)).rounded())
  }

  /// The points, in runs of months with values.
  private var runs: [[Point]] {
    var runs: [[Point]] = [[]]
    for (index, point) in history.enumerated() {
      guard let value = point.value, value.isFinite else {
        runs.append([])
        continue
      }
      let x = Self.margin + (Self.width - 2 * Self.margin) * index / max(1, history.count - 1)
      runs[runs.count - 1].append(
        Point(
          x: x, y: height(of: value),
          title: "\(page.dates.month(point.month))\(localized(": ", "\u{a0}: "))\(format.text(value))",
          style: index < history.count - 1 ? "dot" : isInProgress(point) ? "dot last going" : "dot last"))
    }
    return runs
  }

  private func points(_ run: [Point]) -> String { run.map { "\($0.x),\($0.y)" }.joined(separator: " ") }

  private var description: String {
    let values = history.compactMap(\.value)
    guard let least = values.min(), let greatest = values.max() else {
      return localized("No values in twelve months", "Aucune valeur sur douze mois")
    }
    let (low, high) = (format.text(least), format.text(greatest))
    return localized("Twelve months, between \(low) and \(high)", "Douze mois, entre \(low) et \(high)")
  }
}
