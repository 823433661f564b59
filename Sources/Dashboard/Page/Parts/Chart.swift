import Contract

/// A chart of twelve months of an indicator, with the least values of the segments. Each month has a tooltip with its numbers.
struct Chart {
  private static let (columnWidth, height) = (100, 300)

  let page: PageContext
  let history: IndicatorHistory
  private let format: ValueFormat
  private let axis: Axis

  private var localized: Language { page.localized }

  init(page: PageContext, history: IndicatorHistory) {
    (self.page, self.history) = (page, history)
    let edges = history.points.flatMap { point in (2...4).compactMap { point.edge(of: $0) } }
    let values = history.points.compactMap(\.value)
    let format = history.kind.definition.format
    axis = Axis(over: values + edges, isWhole: format == .count)
    self.format = ValueFormat(page.numbers, history.kind, distinguishing: values)
  }

  var html: HTML {
    HTML("figure", ["class": "chart"]) {
      HTML("figcaption") { legend }
      HTML("div", ["class": "plot"]) {
        HTML("div", ["class": "ticks", "aria-hidden": "true"]) {
          let labels = ValueFormat(page.numbers, history.kind, distinguishing: axis.ticks)
          for tick in axis.ticks.reversed() { HTML("span") { labels.axis(tick) } }
        }
        HTML("div", ["class": "area-of-plot"]) {
          drawing
          HTML("div", ["class": "points", "role": "group", "aria-label": localized("Months", "Mois")]) {
            for (index, point) in history.points.enumerated() { column(index, point) }
          }
        }
        HTML("div", ["class": "names", "aria-hidden": "true"]) {
          for point in history.points { HTML("span") { page.dates.shortMonth(point.month) } }
        }
      }
    }
  }

  @HTMLBuilder private var legend: HTML {
    HTML("span", ["class": "key own-line"]) {
      page.isAdministrator ? localized("this partner", "ce partenaire") : localized("you", "vous")
    }
    if history.points.contains(where: { point in (2...4).contains { point.edge(of: $0) != nil } }) {
      HTML("span", ["class": "key edge-line"]) {
        localized(
          "where segments 2, 3 and 4 begin\(rounding)", "où commencent les segments 2, 3 et 4\(rounding)")
      }
    } else {
      HTML("span") {
        localized(
          "The segments’ ranges are not shown: too few partners.",
          "Les étendues des segments sont masquées\u{a0}: trop peu de partenaires.")
      }
    }
  }

  private var rounding: String { page.rule.isExact ? "" : localized(" (rounded)", " (arrondi)") }

  // --- drawing

  private var drawing: HTML {
    let width = Self.columnWidth * history.points.count
    return HTML(
      "svg",
      [
        "viewBox": "0 0 \(width) \(Self.height)", "preserveAspectRatio": "none", "role": "img",
        "aria-label": description,
      ]
    ) {
      for tick in axis.ticks {
        HTML("path", ["class": tick == 0 ? "zero" : "grid", "d": "M0 \(height(of: tick))H\(width)"])
      }
      for number in 2...4 {
        line(history.points.map { $0.edge(of: number) }, "edge")
      }
      line(history.points.map(\.value), "stroke")
      for (index, point) in history.points.enumerated() {
        if let value = point.value {
          HTML(
            "polyline", ["class": "mark-of-value", "points": "\(place(index, value)) \(place(index, value))"])
        }
      }
    }
  }

  /// A line, interrupted where there is no value.
  @HTMLBuilder private func line(_ values: [Double?], _ style: String) -> HTML {
    for run in runs(values) { HTML("polyline", ["class": style, "points": run.joined(separator: " ")]) }
  }

  private func runs(_ values: [Double?]) -> [[String]] {
    var runs: [[String]] = [[]]
    for (index, value) in values.enumerated() {
      if let value, value.isFinite {
        runs[runs.count - 1].append(place(index, value))
      } else {
        runs.append([])
      }
    }
    return runs.filter { $0.count > 1 }
  }

  private func place(_ index: Int, _ value: Double) -> String {
    "\(Self.columnWidth * index + Self.columnWidth / 2),\(height(of: value))"
  }

  private func height(of value: Double) -> Int {
    Self.height - Int((axis.place(of: value) * Double(Self.height)).rounded())
  }

  private var description: String {
    let values = history.points.compactMap(\.value)
    guard let least = values.min(), let greatest = values.max() else {
      return localized("No values in twelve months", "Aucune valeur sur douze mois")
    }
    return localized(
      "Twelve months, between \(format.text(least)) and \(format.text(greatest))",
      "Douze mois, entre \(format.text(least)) et \(format.text(greatest))")
  }

  // --- tooltips

  private func column(_ index: Int, _ point: IndicatorHistory.Point) -> HTML {
    let id = "month-\(index + 1)"
    return HTML("div", ["class": "slot"]) {
      HTML("button", ["type": "button", "class": "point", "id": id, "aria-describedby": "\(id)-values"]) {
        HTML("span", ["class": "unseen"]) { page.dates.month(point.month) }
      }
      HTML("div", ["class": "range", "role": "tooltip", "id": "\(id)-values"]) {
        HTML("strong") { page.dates.month(point.month) + colon + (point.value.map(format.text) ?? "–") }
        if let own = point.ownSegment { HTML("span") { segment(own) } }
        for number in 2...4 {
          if let edge = point.edge(of: number) {
            HTML("span") {
              let text = ValueFormat(page.numbers, history.kind).text(edge)
              localized("segment \(number) from \(text)", "segment \(number) à partir de \(text)")
            }
          }
        }
      }
    }
  }

  private var colon: String { localized(": ", "\u{a0}: ") }

  private func segment(_ own: Segment) -> String {
    localized("in segment \(own.number) of 4", "dans le segment \(own.number) sur 4")
  }

  /// The chart's numbers as a table.
  var table: HTML {
    HTML("table", ["class": "months-of-chart"]) {
      HTML("caption") { localized("Twelve months", "Douze mois") }
      HTML("thead") {
        HTML("tr") {
          HTML("th", ["scope": "col"]) { localized("Month", "Mois") }
          HTML("th", ["scope": "col", "class": "number"]) { localized("Value", "Valeur") }
          HTML("th", ["scope": "col", "class": "number"]) { "Segment" }
          for number in 2...4 {
            HTML("th", ["scope": "col", "class": "number"]) {
              localized("Segment \(number) from", "Segment \(number) à partir de")
            }
          }
        }
      }
      HTML("tbody") {
        for point in history.points.reversed() {
          HTML("tr") {
            HTML("th", ["scope": "row"]) {
              page.dates.month(point.month)
              if page.report.isInProgress, point.month.hasSameUTF8(as: page.report.month) {
                localized(" (in progress)", " (en cours)")
              }
            }
            HTML("td", ["class": "number"]) { point.value.map(format.text) ?? "–" }
            HTML("td", ["class": "number"]) { point.ownSegment.map { String($0.number) } ?? "–" }
            for number in 2...4 {
              HTML("td", ["class": "number"]) {
                point.edge(of: number).map { ValueFormat(page.numbers, history.kind).text($0) } ?? "–"
              }
            }
          }
        }
      }
    }
  }
}
