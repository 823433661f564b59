import Contract

// The facts of levels: instances, assigned seats, certified people.
extension FactBook {
  /// Indicator 5.
  func instances(from viewpoint: Viewpoint) -> [Fact] {
    instances.values.filter { isOurs($0.subscription) }.map { entry in
      var fact = fact(.instance, of: entry.subscription, entry.id)
      let step = entry.timeline.state(in: viewpoint.month)
      fact.workload = step?.workload.text ?? ""
      fact.isOwn = isOwn(entry.subscription, in: viewpoint.month)
      fact.reason = whyNot(step, of: entry.subscription, from: viewpoint)
      if fact.reason == nil { fact.shares = [Fact.Share(component: .productionInstances, amount: 1)] }
      return fact
    }
  }

  private func whyNot(_ step: InstanceStep?, of subscription: Int32, from viewpoint: Viewpoint) -> Reason? {
    let state = state(of: subscription, in: viewpoint.month)
    if let reason = viewpoint.whyNot(ownedBy: state?.partner) { return reason }
    guard let state, let step else { return .notYet }
    if !step.deployed { return .notDeployed }
    if !step.state.isInProduction { return .notProduction }
    return viewpoint.whyNot(workload: step.state.workload, of: state)
      ?? viewpoint.whyNot(at: country(of: subscription, in: viewpoint.month))
  }

  /// The seats of indicator 7.
  func assignments(from viewpoint: Viewpoint) -> [Fact] {
    assignments.values.filter { isOurs($0.subscription) }.map { entry in
      var fact = fact(.assignment, of: entry.subscription, entry.user)
      fact.isOwn = isOwn(entry.subscription, in: viewpoint.month)
      fact.reason = whyNot(
        entry.timeline.state(in: viewpoint.month), assigned: entry.subscription, from: viewpoint)
      if fact.reason == nil { fact.shares = [Fact.Share(component: .assignedSeats, amount: 1)] }
      return fact
    }
  }

  private func whyNot(_ isAssigned: Bool?, assigned subscription: Int32, from viewpoint: Viewpoint) -> Reason?
  {
    let state = state(of: subscription, in: viewpoint.month)
    if let reason = viewpoint.whyNot(ownedBy: state?.partner) { return reason }
    guard let state, let isAssigned else { return .notYet }
    if !isAssigned { return .notAssigned }
    return viewpoint.whyNot(sidesOf: state, sideSets)
      ?? viewpoint.whyNot(at: country(of: subscription, in: viewpoint.month))
      ?? (state.isLive ? nil : .notLive)
  }

  /// Indicator 4: each person's exams. The first one that counts is the one that counts the person.
  func examPasses(from viewpoint: Viewpoint) -> [Fact] {
    persons.values.filter(isOurs).flatMap {
      person in
      let affiliation = person.affiliations.state(in: viewpoint.month)
      let elsewhere =
        viewpoint.whyNot(ownedBy: affiliation?.partner)
        ?? viewpoint.whyNot(at: affiliation?.country ?? .unknown)
      if person.passes.isEmpty {
        var fact = Fact(.examPass, of: person.id)
        fact.isOwn = affiliation?.partner == partner
        fact.reason = elsewhere ?? .noExam
        return [fact]
      }
      var isCounted = false
      return person.passes.values.sorted { ExactText($0.pass.exam) < ExactText($1.pass.exam) }
        .map { entry in
          var fact = Fact(.examPass, of: person.id)
          let month = Month(containing: entry.passedAt)
          (fact.name, fact.month) = (entry.pass.exam, month)
          // Of a person affiliated in the month, the partner may see earlier exams, and later ones from while the person still is.
          fact.isOwn =
            affiliation?.partner == partner
            && (month <= viewpoint.month || person.affiliations.state(in: month)?.partner == partner)
          fact.reason =
            elsewhere ?? whyNot(entry, from: viewpoint) ?? (isCounted ? .countedAlready : nil)
          if fact.reason == nil {
            fact.shares = [Fact.Share(component: .certifiedIndividuals, amount: 1)]
            isCounted = true
          }
          return fact
        }
    }
  }

  private func whyNot(_ entry: PassEntry, from viewpoint: Viewpoint) -> Reason? {
    guard let sides = catalog.examSides[Identity(entry.pass.exam)] else { return .unlistedExam }
    guard sides.contains(viewpoint.side) else { return .otherExam }
    if entry.pass.revoked { return .revoked }
    let held = entry.pass.heldMonths(passedAt: entry.passedAt)
    if held.contains(viewpoint.month) { return nil }
    return Month(containing: entry.passedAt) > viewpoint.month ? .notYet : .expired
  }
}
