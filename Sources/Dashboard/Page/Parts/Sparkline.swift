import Contract

/// Twelve months of an indicator, as a line and as a table.
struct Sparkline {
  let page: PageContext
  let indicator: IndicatorReport
  private static let (width, height, margin) = (220, 44, 6)

  private var say: Language { page.say }
  private var history: [HistoryPoint] { indicator.history }

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
          say("Twelve months", "Douze mois")
          HTML("span", ["class": "unseen"]) {
            say(" of ", "\u{a0}: ") + IndicatorTexts(indicator.kind, say).name
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
          HTML("th", ["scope": "col"]) { say("Month", "Mois") }
          HTML("th", ["scope": "col"]) { say("Value", "Valeur") }
        }
      }
      HTML("tbody") {
        for point in history.reversed() {
          HTML("tr") {
            HTML("th", ["scope": "row"]) { page.dates.month(point.month) }
            HTML("td") { value(point) }
          }
        }
      }
    }
  }

  private func value(_ point: HistoryPoint) -> HTML {
    if let value = point.value { return HTML(text: page.text(value, indicator.kind)) }
    return HTML([
      HTML("span", ["aria-hidden": "true"]) { "–" },
      HTML("span", ["class": "unseen"]) { say("no value", "pas de valeur") },
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
      for run in runs {
        if let first = run.first, let last = run.last, run.count > 1 {
          HTML(
            "polygon",
            [
              "class": "area",
              "points": "\(first.x),\(Self.height) \(points(run)) \(last.x),\(Self.height)",
            ])
          HTML("polyline", ["class": "stroke", "points": points(run)])
        }
        for point in run {
          // A line without length: its round ends stay round however the drawing is stretched.
          HTML("polyline", ["class": point.isLast ? "dot last" : "dot", "points": points([point, point])]) {
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
    var isLast: Bool
  }

  /// The points of months with values, parted where there is none.
  private var runs: [[Point]] {
    let values = history.compactMap(\.value)
    guard let least = values.min(), let greatest = values.max() else { return [] }
    var runs: [[Point]] = [[]]
    for (index, point) in history.enumerated() {
      guard let value = point.value else {
        runs.append([])
        continue
      }
      let share = greatest > least ? (value - least) / (greatest - least) : 0.5
      let room = Double(Self.height - 2 * Self.margin)
      let x = Self.margin + (Self.width - 2 * Self.margin) * index / max(1, history.count - 1)
      runs[runs.count - 1].append(
        Point(
          x: x, y: Self.height - Self.margin - Int((share * room).rounded()),
          title:
            "\(page.dates.month(point.month))\(say(": ", "\u{a0}: "))\(page.text(value, indicator.kind))",
          isLast: index == history.count - 1))
    }
    return runs
  }

  private func points(_ run: [Point]) -> String { run.map { "\($0.x),\($0.y)" }.joined(separator: " ") }

  private var description: String {
    let values = history.compactMap(\.value)
    guard let least = values.min(), let greatest = values.max() else {
      return say("No values in twelve months", "Aucune valeur sur douze mois")
    }
    let (low, high) = (page.text(least, indicator.kind), page.text(greatest, indicator.kind))
    return say("Twelve months, between \(low) and \(high)", "Douze mois, entre \(low) et \(high)")
  }
}
