import Contract
import ReferenceModel

/// The events of a rule's scenario. What a rule is not about has a default: customer "acme" has subscription "s" of ten
/// seats in workload "sales" of product "crm", and "contoso" is its partner of record.
struct MarketEvents {
  private(set) var log: [LoggedEvent] = []

  /// Puts a record into the log, with its own timestamp in milliseconds or without one.
  mutating func record(_ event: InputEvent, timestamp: Int64? = nil) {
    log.append(LoggedEvent(event, timestamp: timestamp))
  }

  /// Makes the month of `time` the current one, if it is the newest; counts nowhere.
  mutating func now(_ time: String) {
    usage(of: "nobody", at: time, intentional: false)
  }

  mutating func partner(
    _ partner: String = "contoso", country: String = "FR", accounts: [PartnerAccount] = [.csp],
    from time: String = "2000-01-01", revision: Int64 = 0
  ) {
    var step = Partner<String>()
    (step.partnerID, step.country, step.accounts) = (partner, country, accounts)
    (step.effectiveAt, step.revision) = (instant(time), revision)
    record(.partner(step))
  }

  mutating func subscription(
    _ subscription: String = "s", of customer: String = "acme", partner: String = "contoso",
    product: String = "crm", workloads: [String] = ["sales"], seats: Int64 = 10,
    program: LicenseProgram = .webDirect, kind: SubscriptionKind = .paid,
    status: SubscriptionStatus = .active, from time: String, revision: Int64 = 0
  ) {
    var step = Subscription<String>()
    (step.customerID, step.subscriptionID, step.dporPartnerID) = (customer, subscription, partner)
    (step.product, step.workloads, step.seats) = (product, workloads, seats)
    (step.licenseProgram, step.kind, step.status) = (program, kind, status)
    (step.effectiveAt, step.revision) = (instant(time), revision)
    record(.subscription(step))
  }

  mutating func customer(
    _ customer: String = "acme", country: String, name: String = "", from time: String = "2000-01-01",
    revision: Int64 = 0
  ) {
    var step = Customer<String>()
    (step.customerID, step.country, step.name) = (customer, country, name)
    (step.effectiveAt, step.revision) = (instant(time), revision)
    record(.customer(step))
  }

  mutating func usage(
    by user: String = "u", of customer: String = "acme", subscription: String = "s",
    workload: String = "sales", at time: String, intentional: Bool = true
  ) {
    var action = UsageAction<String>()
    (action.customerID, action.subscriptionID, action.userID) = (customer, subscription, user)
    (action.workload, action.intentional) = (workload, intentional)
    action.occurredAt = instant(time)
    record(.usageAction(action))
  }

  mutating func assignment(
    of user: String = "u", customer: String = "acme", subscription: String = "s", assigned: Bool = true,
    from time: String, revision: Int64 = 0
  ) {
    var step = LicenseAssignment<String>()
    (step.customerID, step.subscriptionID, step.userID) = (customer, subscription, user)
    (step.assigned, step.effectiveAt, step.revision) = (assigned, instant(time), revision)
    record(.licenseAssignment(step))
  }

  /// A line of `amount` in whole units of the reporting currency, or of `micros`.
  mutating func line(
    _ line: String = "l", of customer: String = "acme", subscription: String = "s", amount: Int64 = 0,
    micros: Int64 = 0, program: LicenseProgram = .webDirect, contractStart: String? = nil,
    voided: Bool = false, offCloud: Bool = false, at time: String, revision: Int64 = 0
  ) {
    var event = BillingLine<String>()
    (event.customerID, event.subscriptionID, event.lineID) = (customer, subscription, line)
    (event.amountMicros, event.currency) = (amount * 1_000_000 + micros, "USD")
    (event.licenseProgram, event.contractStart) = (program, contractStart.map(instant))
    (event.voided, event.offCloud) = (voided, offCloud)
    (event.billedAt, event.revision) = (instant(time), revision)
    record(.billingLine(event))
  }

  mutating func instance(
    _ instance: String = "i", of customer: String = "acme", subscription: String = "s",
    workload: String = "sales", environment: Environment = .production, deployed: Bool = true,
    from time: String, revision: Int64 = 0
  ) {
    var step = Instance<String>()
    (step.customerID, step.subscriptionID, step.instanceID) = (customer, subscription, instance)
    (step.workload, step.environment, step.deployed) = (workload, environment, deployed)
    (step.effectiveAt, step.revision) = (instant(time), revision)
    record(.instance(step))
  }

  mutating func pass(
    _ exam: String = "S-1", by person: String = "ada", at time: String, expires: String? = nil,
    revoked: Bool = false, revision: Int64 = 0
  ) {
    var pass = ExamPass<String>()
    (pass.personID, pass.exam, pass.passedAt) = (person, exam, instant(time))
    (pass.expiresAt, pass.revoked, pass.revision) = (expires.map(instant), revoked, revision)
    record(.examPass(pass))
  }

  mutating func affiliation(
    of person: String = "ada", partner: String = "contoso", country: String = "",
    from time: String = "2000-01-01", revision: Int64 = 0
  ) {
    var step = Affiliation<String>()
    (step.personID, step.partnerID, step.country) = (person, partner, country)
    (step.effectiveAt, step.revision) = (instant(time), revision)
    record(.affiliation(step))
  }
}

/// Reads "2026-11-05T10:20:30.5Z", or "2026-11-05" for its first instant.
func instant(_ text: String) -> Timestamp {
  let full = text.contains("T") ? text : text + "T00:00:00Z"
  guard let time = Array(full.utf8).withUnsafeBytes({ Timestamp(rfc3339: $0) }) else {
    preconditionFailure("not an instant: \(text)")
  }
  return time
}
