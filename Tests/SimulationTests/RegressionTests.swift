import Contract
import ReferenceModel
import Simulator
import Testing

/// What was once wrong, each as a scenario of its own.
@Suite("Scenarios that once went wrong") struct RegressionTests {
  /// Enough for one process to publish all that is written.
  private func settle() -> [Action] {
    (0..<120).flatMap { [.step(driver: $0 % 2, seed: UInt64($0)), .wait(10)] as [Action] }
  }

  private func time(day: Int64) -> Timestamp { Timestamp(seconds: 1_577_836_800 + day * 86_400) }

  private func subscription(
    of customer: String, partner: String, seats: Int64, day: Int64, revision: Int64 = 0
  ) -> LoggedEvent {
    var step = Subscription<String>()
    step.customerID = customer
    step.subscriptionID = "s"
    step.product = "A"
    step.licenseProgram = .open
    step.kind = .paid
    step.status = .active
    step.seats = seats
    step.dporPartnerID = partner
    step.effectiveAt = time(day: day)
    step.revision = revision
    return LoggedEvent(.subscription(step))
  }

  /// The newest event time was in a record that a tombstone has replaced, so a rebuild after compaction did not meet it.
  @Test func asOfDoesNotGoBackWhereATombstoneReplacedTheNewest() throws {
    let customers = (0..<20).map { "c\($0)" }
    let a = try #require(customers.first { partition(ofKey: $0, count: 2) == 0 })
    let b = try #require(customers.first { partition(ofKey: $0, count: 2) == 1 })
    var partner = Partner<String>()
    partner.partnerID = "p"
    partner.country = "FR"
    partner.accounts = [.mpn]
    partner.effectiveAt = time(day: 0)
    let events = [
      LoggedEvent(.partner(partner)), subscription(of: b, partner: "p", seats: 1, day: 1),
      subscription(of: a, partner: "p", seats: 1, day: 1),
      subscription(of: a, partner: "p", seats: 2, day: 20),
      // Takes all of customer a away from the partner.
      subscription(of: a, partner: "", seats: 2, day: 20, revision: 1),
      // Brings news that are older than that.
      subscription(of: b, partner: "p", seats: 2, day: 2),
      subscription(of: b, partner: "p", seats: 3, day: 3),
    ]
    var actions: [Action] = [.write(3)] + settle() + [.write(1)] + settle() + [.write(1)] + settle()
    actions += (0..<20).map { .compact(seed: $0) } + [.crash(process: 0), .start(process: 0)] + settle()
    for _ in 0..<2 { actions += [.write(1)] + settle() }
    let outcome = Scenario(partitions: 2, events: events, actions: actions).run()
    #expect(outcome.failure == nil)
    #expect(outcome.seen > 10)
  }
}
