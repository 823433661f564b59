import Contract
import Foundation
import Indicators

/// What large states say of their own size, beside what the process takes for them: it ends badly where they differ by more than
/// a fifth. Run alone in its process.
enum StateBytesBenchmark {
  static let names = ["state bytes, entity", "state bytes, ranking"]

  private static let customers = 100_000
  private static let partners = 5_000
  private static let start: Int64 = 1_760_000_000

  static func run(_ name: String) throws {
    let before = MemoryBenchmark.residentBytes
    if name == names[0] {
      let state = try entityState()
      report(name, state.stateBytes, MemoryBenchmark.residentBytes - before)
      withExtendedLifetime(state) {}
    } else {
      let state = Benchmark.ranking(partners: 100_000)
      report(name, state.stateBytes, MemoryBenchmark.residentBytes - before)
      withExtendedLifetime(state) {}
    }
  }

  private static func report(_ name: String, _ kinds: [(kind: String, bytes: Int)], _ resident: Int) {
    let sum = kinds.reduce(0) { $0 + $1.bytes }
    let ratio = Double(sum) / Double(resident)
    print(
      name.padding(toLength: 40, withPad: " ", startingAt: 0),
      String(format: "%10.3f of the %d bytes taken:", ratio, resident),
      kinds.map { "\($0.kind) \($0.bytes)" }.joined(separator: ", "))
    precondition((0.8...1.2).contains(ratio), "what a state says of its size is wrong by more than a fifth")
  }

  /// Each customer has a subscription, five users with a license, and a line and an action of each in every month of a year.
  private static func entityState() throws -> EntityState {
    let state = try MemoryBenchmark.emptyState()
    for number in 0..<customers {
      let id = "customer-with-number-\(number)"
      var customer = Customer<String>()
      customer.customerID = id
      customer.country = ["FR", "US", "JP"][number % 3]
      customer.effectiveAt = Timestamp(seconds: start)
      state.apply(.customers, id, customer.protobuf)
      var subscription = Subscription<String>()
      subscription.customerID = id
      subscription.subscriptionID = "s"
      subscription.product = "dynamics-365"
      subscription.workloads = ["finance-operations"]
      subscription.licenseProgram = .cloudSolutionProvider
      subscription.kind = .paid
      subscription.status = .active
      subscription.seats = 5
      subscription.dporPartnerID = "partner-\(number % partners)"
      subscription.effectiveAt = Timestamp(seconds: start)
      state.apply(.subscriptions, id, subscription.protobuf)
      for user in 0..<5 { assign(user, of: id, in: state) }
      for month in 0..<12 { bill(id, inMonth: month, in: state) }
    }
    state.discardChanges()
    return state
  }

  private static func assign(_ user: Int, of customer: String, in state: EntityState) {
    var assignment = LicenseAssignment<String>()
    assignment.customerID = customer
    assignment.subscriptionID = "s"
    assignment.userID = "user-\(user)"
    assignment.assigned = true
    assignment.effectiveAt = Timestamp(seconds: start + Int64(user) * 86400 * 31)
    state.apply(.licenseAssignments, customer, assignment.protobuf)
    var action = UsageAction<String>()
    action.customerID = customer
    action.subscriptionID = "s"
    action.userID = "user-\(user)"
    action.workload = "finance-operations"
    action.intentional = true
    action.action = "opportunity.update"
    action.occurredAt = assignment.effectiveAt
    state.apply(.usageActions, customer, action.protobuf)
  }

  private static func bill(_ customer: String, inMonth month: Int, in state: EntityState) {
    var line = BillingLine<String>()
    line.customerID = customer
    line.subscriptionID = "s"
    line.lineID = "line-\(month)"
    line.licenseProgram = .cloudSolutionProvider
    line.currency = "USD"
    line.amountMicros = 123_456_789
    line.billedAt = Timestamp(seconds: start + Int64(month) * 86400 * 30)
    state.apply(.billingLines, customer, line.protobuf)
  }
}

extension EntityState {
  fileprivate func apply(_ topic: Topic, _ key: String, _ value: [UInt8]) {
    let bytes = Array(key.utf8) + value
    apply(topic, bytes, [(0..<key.utf8.count, key.utf8.count..<bytes.count)])
  }
}
