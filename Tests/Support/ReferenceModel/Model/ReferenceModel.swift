import Contract

/// What SEMANTICS.md says, computed from scratch by brute force: the oracle of the tests.
///
/// Slow and written from the text alone; it shares no code with the engine that it judges.
package struct ReferenceModel {
  package let catalog: ModelCatalog

  package init(catalog: ModelCatalog) { self.catalog = catalog }

  /// What must be published once the events of `log` have been taken in.
  package func publication(of log: [LoggedEvent]) -> Publication {
    let facts = ModelFacts(log, currency: catalog.reportingCurrency)
    guard let newest = facts.newest else { return Publication() }
    let current = ModelCalendar.month(of: newest)
    let contributions = ModelContributions(catalog: catalog, facts: facts, current: current)

    var publication = Publication()
    for month in current - 23...current {
      let eligible = Set(facts.partners.keys.filter { isEligible($0, in: month, facts) }.map { $0.parts[0] })
      var byCell: [Cell: [ModelSnapshot]] = [:]
      for key in contributions.keys where eligible.contains(key.partner) {
        let components = contributions.components(of: key, in: month)
        guard !components.isZero else { continue }
        let before = contributions.components(of: key, in: month - 1)
        byCell[key.cell, default: []]
          .append(ModelSnapshot(partner: key.partner.text, components: components, before: before))
      }
      for (cell, snapshots) in byCell {
        let bars = IndicatorKind.allCases.map { kind in ModelBars(snapshots.map { $0.values[kind.rawValue] })
        }
        let name = ModelCalendar.name(of: month)
        for snapshot in snapshots {
          publication.replace(snapshot.message(cell: cell, month: name, bars: bars))
        }
        publication.replace(ModelBars.scale(cell: cell, month: name, bars: bars))
      }
    }
    return publication
  }

  /// Whether a partner has an MPN or CSP account and a country that is not excluded.
  private func isEligible(_ partner: ModelID, in month: ModelMonth, _ facts: ModelFacts) -> Bool {
    guard let state = facts.partners[partner]?.state(before: ModelCalendar.firstInstant(of: month + 1))
    else { return false }
    return (state.accounts.contains(.mpn) || state.accounts.contains(.csp))
      && !catalog.excludedPartnerCountries.contains(state.country)
  }
}

extension ModelContributions {
  var keys: Set<PartnerCell> { Set(rows.keys).union(users.keys) }

  /// The components of a month of C-24 … C.
  func components(of key: PartnerCell, in month: ModelMonth) -> ComponentValues {
    let index = month - (current - 35)
    var result = ComponentValues()
    if let rows = rows[key] {
      for component: Component in [.certifiedIndividuals, .productionInstances, .assignedSeats] {
        result[component] = rows[index][component]
      }
      for component: Component in [
        .billedMicros, .creditedMicros, .customersAdded, .customersLost, .seatsAdded, .seatsLost,
      ] {
        result[component] = rows[index - 11...index].reduce(0) { $0 + $1[component] }
      }
    }
    if let users = users[key] {
      let twelveMonths = users[index - 11...index].reduce(into: Set()) { $0.formUnion($1) }
      result[.activeUsers12Months] = Int64(twelveMonths.count)
      result[.activeUsersMonth] = Int64(users[index].count)
    }
    return result
  }
}
