import Contract

/// The form for partner, month, product, workload and location; it works without a script.
struct Filters {
  let page: PageContext

  private var localized: Language { page.localized }
  private var report: PartnerReport { page.report }

  var html: HTML {
    HTML(
      "form", ["class": "filters", "id": "filters", "method": "get", "action": "/", "autocomplete": "off"]
    ) {
      if let language = page.query.language {
        HTML.void("input", ["type": "hidden", "name": "lang", "value": language.rawValue])
      }
      if page.isAdministrator || page.partners != nil { partner }
      fields.html
      HTML("button", ["type": "submit", "class": "apply"]) { localized("Show", "Afficher") }
    }
  }

  private var fields: FilterFields {
    FilterFields(
      localized: localized, names: page.settings.names, months: report.months, choices: report.choices,
      month: page.query.month ?? "", cell: report.cell)
  }

  /// Name and id, since several partners may have the same name.
  private func label(ofPartner id: String) -> String {
    let name = page.settings.partners.name(of: id)
    return name.hasSameUTF8(as: id) ? id.isolated : "\(name.isolated) (\(id.isolated))"
  }

  private var partner: HTML {
    let title = localized("Partner", "Partenaire")
    guard let partners = page.partners else {
      // There are too many to list: the script suggests those whose name or id contains what is typed.
      return HTML("div", ["class": "field"]) {
        HTML("label", ["for": "filter-partner"]) { title }
        HTML.void(
          "input",
          [
            "type": "text", "name": "partner", "id": "filter-partner", "list": "found-partners",
            "dir": "auto",
            "value": page.query.partner ?? report.partnerID,
            "placeholder": localized("Part of a name or id", "Partie d’un nom ou identifiant"),
          ])
        HTML("datalist", ["id": "found-partners"])
      }
    }
    return fields.field(
      "partner", title, selected: report.partnerID,
      options: FilterFields.sorted(partners.map { ($0, label(ofPartner: $0)) }), unlisted: label(ofPartner:))
  }
}
