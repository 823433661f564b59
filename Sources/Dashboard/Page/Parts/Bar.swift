import Contract

/// The four segments of an indicator with their ranges, the position of the partner's own value, and the least and greatest value.
/// Each segment has a tooltip.
struct Bar {
  let page: PageContext
  let indicator: IndicatorReport
  private let format: ValueFormat

  private var localized: Language { page.localized }

  init(page: PageContext, indicator: IndicatorReport) {
    (self.page, self.indicator) = (page, indicator)
    let ends = indicator.segments.flatMap { segment -> [Double] in
      if case .shown(let least, let greatest) = segment.range { [least, greatest] } else { [] }
    }
    format = ValueFormat(page.numbers, indicator.kind, distinguishing: ends)
  }

  var html: HTML {
    HTML("div", ["class": "scale", "data-part": "bar-\(indicator.kind.name)"]) {
      HTML("div", ["class": "bar", "role": "group", "aria-label": name]) {
        for segment in indicator.segments { slot(segment) }
      }
      ends
    }
  }

  private var name: String {
    guard let own = indicator.ownSegment else {
      return localized("In none of four segments", "Dans aucun des quatre segments")
    }
    return localized("In segment \(own.number) of 4", "Dans le segment \(own.number) sur 4")
  }

  private func slot(_ segment: Segment) -> HTML {
    let id = "\(indicator.kind.name)-\(segment.number)"
    return HTML("div", ["class": segment.isOwn ? "slot own" : "slot"]) {
      if segment.isOwn { HTML("span", ["class": "place at-\(step)", "aria-hidden": "true"]) }
      HTML("button", ["type": "button", "class": "segment", "id": id, "aria-describedby": "\(id)-range"]) {
        HTML("span", ["class": "unseen"]) { localized("Segment ", "Segment ") }
        HTML("span", ["class": "number"]) { String(segment.number) }
        if segment.isOwn {
          HTML("span", ["class": "unseen"]) {
            page.isAdministrator
              ? localized(", this partner’s", ", celui de ce partenaire") : localized(", yours", ", le vôtre")
          }
        }
      }
      HTML("div", ["class": "range", "role": "tooltip", "id": "\(id)-range"]) {
        HTML("strong") { range(segment) }
        HTML("span") { partners(segment) }
        if segment.isOwn, let place = indicator.place {
          HTML("span", ["class": "standing"]) { standing(place) }
        }
      }
      HTML("span", ["class": "extent", "aria-hidden": "true"]) { extent(segment) }
    }
  }

  /// The partner's position in percent, in steps of five; in the middle if it is unknown.
  private var step: Int { indicator.place.map { Int(($0 * 20).rounded()) * 5 } ?? 50 }

  private func standing(_ place: Double) -> String {
    let share = page.numbers.decimal(place * 100, digits: 0)
    return page.isAdministrator
      ? localized(
        "this partner: \(share)% of the way from its lowest to its highest value",
        "ce partenaire\u{a0}: à \(share)\u{202f}% entre sa valeur la plus basse et la plus haute")
      : localized(
        "you: \(share)% of the way from its lowest to its highest value",
        "vous\u{a0}: à \(share)\u{202f}% entre sa valeur la plus basse et la plus haute")
  }

  private func range(_ segment: Segment) -> String {
    switch segment.range {
    case .shown(let least, let greatest):
      guard least != greatest else { return format.text(least) }
      let (least, greatest) = (format.text(least), format.text(greatest))
      return localized("\(least) to \(greatest)", "de \(least) à \(greatest)")
    case .withheld:
      return localized("Range not shown: too few partners", "Étendue masquée\u{a0}: trop peu de partenaires")
    case .empty: return localized("Empty", "Vide")
    }
  }

  /// The range in short form, to fit into a segment.
  @HTMLBuilder private func extent(_ segment: Segment) -> HTML {
    switch segment.range {
    case .shown(let least, let greatest) where least == greatest: format.short(least)
    case .shown(let least, let greatest):
      format.short(least)
      // A dash next to a minus sign is hard to read.
      least < 0 || greatest < 0 ? localized(" to", " à") : "–"
      HTML.void("wbr")
      (least < 0 || greatest < 0 ? " " : "") + format.short(greatest)
    case .withheld: "–"
    case .empty: localized("empty", "vide")
    }
  }

  private func partners(_ segment: Segment) -> String {
    let count = page.count(segment.partners)
    switch segment.partners {
    case 0: return localized("no partner", "aucun partenaire")
    case 1 where segment.isOwn && !page.isAdministrator: return localized("you alone", "vous seul")
    case 1: return localized("1 partner", "1 partenaire")
    default:
      let own = segment.isOwn && !page.isAdministrator
      return localized("\(count) partners", "\(count) partenaires")
        + (own ? localized(", you among them", ", dont vous") : "")
    }
  }

  /// The least and the greatest value of all partners; bounds, if they are rounded.
  @HTMLBuilder private var ends: HTML {
    if let ends = indicator.ends {
      HTML("p", ["class": "ends"]) {
        HTML("span") {
          localized("Lowest ", "Plus basse ")
          HTML("strong") { (page.rule.isExact ? "" : "≥\u{a0}") + figure(ends.least) }
        }
        HTML("span") {
          localized("Highest ", "Plus haute ")
          HTML("strong") { (page.rule.isExact ? "" : "≤\u{a0}") + figure(ends.greatest) }
        }
      }
    } else if indicator.segments.contains(where: { $0.range == .withheld }) {
      HTML("p", ["class": "ends"]) {
        localized("Ranges not shown: too few partners", "Étendues masquées\u{a0}: trop peu de partenaires")
      }
    }
  }

  private func figure(_ value: Double) -> String {
    let text = format.text(value)
    return text.count > Figure.mostCharacters ? format.compact(value) : text
  }
}
