import Contract

/// An id that is unique within the owner that comes before it.
struct ModelID: Hashable {
  var parts: [ModelText]

  init(_ parts: String...) { self.parts = parts.map(ModelText.init) }
}

/// What the accepted events of a log say.
struct ModelFacts {
  private(set) var usage: [UsageAction<String>] = []
  /// By customer and subscription.
  private(set) var subscriptions: [ModelID: ModelTimeline<Subscription<String>>] = [:]
  /// By customer, subscription and user.
  private(set) var assignments: [ModelID: ModelTimeline<LicenseAssignment<String>>] = [:]
  /// By customer, subscription and instance.
  private(set) var instances: [ModelID: ModelTimeline<Instance<String>>] = [:]
  private(set) var customers: [ModelID: ModelTimeline<Customer<String>>] = [:]
  private(set) var partners: [ModelID: ModelTimeline<Partner<String>>] = [:]
  private(set) var affiliations: [ModelID: ModelTimeline<Affiliation<String>>] = [:]
  /// By customer and line: the highest revision.
  private(set) var lines: [ModelID: BillingLine<String>] = [:]
  /// By person and exam: the highest revision.
  private(set) var passes: [ModelID: ExamPass<String>] = [:]
  /// The newest event time.
  private(set) var newest: Timestamp?

  init(_ log: [LoggedEvent], currency: String) {
    for logged in log where logged.refusals(currency: currency).isEmpty { take(logged.event) }
  }

  private mutating func take(_ event: InputEvent) {
    if let time = event.time { newest = max(newest ?? time, time) }
    switch event {
    case .usageAction(let action):
      usage.append(action)
    case .subscription(let step):
      subscriptions[ModelID(step.customerID, step.subscriptionID), default: ModelTimeline()].insert(step)
    case .licenseAssignment(let step):
      let id = ModelID(step.customerID, step.subscriptionID, step.userID)
      assignments[id, default: ModelTimeline()].insert(step)
    case .instance(let step):
      let id = ModelID(step.customerID, step.subscriptionID, step.instanceID)
      instances[id, default: ModelTimeline()].insert(step)
    case .customer(let step):
      customers[ModelID(step.customerID), default: ModelTimeline()].insert(step)
    case .partner(let step):
      partners[ModelID(step.partnerID), default: ModelTimeline()].insert(step)
    case .affiliation(let step):
      affiliations[ModelID(step.personID), default: ModelTimeline()].insert(step)
    case .billingLine(let line):
      let id = ModelID(line.customerID, line.lineID)
      if line.revision >= lines[id]?.revision ?? .min { lines[id] = line }
    case .examPass(let pass):
      let id = ModelID(pass.personID, pass.exam)
      if pass.revision >= passes[id]?.revision ?? .min { passes[id] = pass }
    case .undecodable:
      break
    }
  }
}
