import Contract

/// The four segments of an indicator; each tells its range when it is pointed at, focused or tapped.
struct Bar {
  let page: PageContext
  let indicator: IndicatorReport

  private var say: Language { page.say }

  var html: HTML {
    HTML(
      "div", ["class": "bar", "role": "group", "aria-label": name, "data-part": "bar-\(indicator.kind.name)"]
    ) {
      for segment in indicator.segments { slot(segment) }
    }
  }

  private var name: String {
    guard let own = indicator.ownSegment else {
      return say("In none of four segments", "Dans aucun des quatre segments")
    }
    return say("In segment \(own.number) of 4", "Dans le segment \(own.number) sur 4")
  }

  private func slot(_ segment: Segment) -> HTML {
    let id = "\(indicator.kind.name)-\(segment.number)"
    return HTML("div", ["class": segment.isOwn ? "slot own" : "slot"]) {
      HTML("button", ["type": "button", "class": "segment", "id": id, "aria-describedby": "\(id)-range"]) {
        HTML("span", ["class": "unseen"]) { say("Segment ", "Segment ") }
        HTML("span", ["class": "number"]) { String(segment.number) }
        if segment.isOwn {
          HTML("span", ["class": "unseen"]) {
            page.isAdministrator
              ? say(", this partner’s", ", celui de ce partenaire") : say(", yours", ", le vôtre")
          }
        }
      }
      HTML("div", ["class": "range", "role": "tooltip", "id": "\(id)-range"]) {
        HTML("strong") { range(segment) }
        HTML("span") { partners(segment) }
      }
    }
  }

  private func range(_ segment: Segment) -> String {
    switch segment.range {
    case .shown(let least, let greatest):
      let (least, greatest) = (page.text(least, indicator.kind), page.text(greatest, indicator.kind))
      return least == greatest ? least : say("\(least) to \(greatest)", "de \(least) à \(greatest)")
    case .withheld:
      return say("Range not shown: too few partners", "Étendue masquée\u{a0}: trop peu de partenaires")
    case .empty: return say("Empty", "Vide")
    }
  }

  private func partners(_ segment: Segment) -> String {
    let count = page.numbers.decimal(Double(segment.partners), digits: 0)
    switch segment.partners {
    case 0: return say("no partner", "aucun partenaire")
    case 1 where segment.isOwn && !page.isAdministrator: return say("you alone", "vous seul")
    case 1: return say("1 partner", "1 partenaire")
    default:
      let own = segment.isOwn && !page.isAdministrator
      return say("\(count) partners", "\(count) partenaires")
        + (own ? say(", you among them", ", dont vous") : "")
    }
  }
}
