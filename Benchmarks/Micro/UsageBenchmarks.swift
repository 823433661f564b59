import Contract
import Foundation
import Indicators

/// A market in memory: encoded usage actions as they would come from a topic, and the dimension events before them.
struct UsageWorld {
  static let customers = 500
  static let partners = 100
  static let months = 18

  let catalog: Catalog
  var dimensions: [(Topic, key: String, [UInt8])] = []
  /// All actions, one after the other, each behind its key.
  var bytes: [UInt8] = []
  var keys: [Range<Int>] = []
  var ranges: [Range<Int>] = []

  /// Of a user for every forty actions.
  init(actions: Int) throws {
    let users = actions / 40
    catalog = try Catalog(
      reportingCurrency: "USD", excludedPartnerCountries: [],
      products: [
        Catalog.Product(
          id: "dynamics-365", name: "Dynamics 365",
          workloads: [
            Catalog.Workload(id: "customer-engagement", name: "Customer Engagement", exams: ["MB-200"]),
            Catalog.Workload(id: "finance-operations", name: "Finance and Operations", exams: ["MB-300"]),
          ])
      ])
    let start: Int64 = 1_704_067_200
    for customer in 0..<Self.customers {
      var state = Customer<String>()
      state.customerID = "customer-\(customer)"
      state.country = ["FR", "DE", "US", "JP"][customer % 4]
      state.effectiveAt = Timestamp(seconds: start)
      dimensions.append((.customers, state.customerID, state.protobuf))
      var subscription = Subscription<String>()
      subscription.customerID = "customer-\(customer)"
      subscription.subscriptionID = "subscription-\(customer)"
      subscription.product = "dynamics-365"
      subscription.workloads = ["customer-engagement", "finance-operations"]
      subscription.licenseProgram = .cloudSolutionProvider
      subscription.kind = .paid
      subscription.status = .active
      subscription.seats = 50
      subscription.dporPartnerID = "partner-\(customer % Self.partners)"
      subscription.effectiveAt = Timestamp(seconds: start)
      dimensions.append((.subscriptions, subscription.customerID, subscription.protobuf))
    }
    var random: UInt64 = 42
    func draw(_ bound: Int) -> Int {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((random >> 33) % UInt64(bound))
    }
    var action = UsageAction<String>()
    action.intentional = true
    let span = Int64(Self.months) * 30 * 86400
    for index in 0..<actions {
      let user = draw(users)
      action.customerID = "customer-\(user % Self.customers)"
      action.subscriptionID = "subscription-\(user % Self.customers)"
      action.userID = "user-\(user)@customer.example"
      action.workload = draw(3) == 0 ? "finance-operations" : "customer-engagement"
      action.action = "opportunity.update"
      action.occurredAt = Timestamp(
        seconds: start + span * Int64(index) / Int64(actions), nanos: Int32(draw(1_000)) * 1_000_000)
      let start = bytes.count
      bytes.append(contentsOf: action.customerID.utf8)
      let from = bytes.count
      keys.append(start..<from)
      action.encode(into: &bytes)
      ranges.append(from..<bytes.count)
    }
  }

  /// All actions as records, in memory that is never freed.
  var records: [Record] {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    copy.copyBytes(from: bytes)
    return zip(keys, ranges).map { key, range in
      Record(
        topic: .usageActions, partition: 0, offset: 0, timestamp: nil,
        key: UnsafeRawBufferPointer(rebasing: copy[key]),
        value: UnsafeRawBufferPointer(rebasing: copy[range]))
    }
  }

  func freshState() -> EntityState {
    let state = EntityState(catalog: catalog, placement: Placement(0, of: 1))
    for (topic, key, value) in dimensions {
      Array(key.utf8).withUnsafeBytes { key in
        value.withUnsafeBytes { value in
          let record = Record(
            topic: topic, partition: 0, offset: 0, timestamp: nil, key: key, value: value)
          withUnsafePointer(to: record) { state.apply(UnsafeBufferPointer(start: $0, count: 1)) { _, _ in } }
        }
      }
    }
    return state
  }
}

extension Benchmark {
  static func usage(actions: Int) -> [Benchmark] {
    [
      Benchmark(name: "decode a usage action", operations: actions) {
        guard let world = try? UsageWorld(actions: actions) else { return {} }
        let scratch = PayloadScratch()
        return {
          var sum = 0
          world.bytes.withUnsafeBytes { bytes in
            for range in world.ranges {
              let action = try? UsageActionView(
                payload: UnsafeRawBufferPointer(rebasing: bytes[range]), scratch: scratch)
              sum &+= action?.userID.count ?? 0
            }
          }
          precondition(sum > 0)
        }
      },
      Benchmark(name: "apply a usage action, first time", operations: actions) {
        guard let world = try? UsageWorld(actions: actions) else { return {} }
        let (state, records) = (world.freshState(), world.records)
        return { records.withUnsafeBufferPointer { state.apply($0) { _, _ in } } }
      },
      Benchmark(name: "apply a usage action, nothing new", operations: actions) {
        guard let world = try? UsageWorld(actions: actions) else { return {} }
        let (state, records) = (world.freshState(), world.records)
        records.withUnsafeBufferPointer { state.apply($0) { _, _ in } }
        return { records.withUnsafeBufferPointer { state.apply($0) { _, _ in } } }
      },
    ]
  }
}
