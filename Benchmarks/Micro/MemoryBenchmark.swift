import Contract
import Foundation
import Indicators

/// Resident memory that a state takes for each active (user, subscription, workload), after nothing but first-time usage
/// actions of `entries` of them. Run alone in its process: what others have freed is resident already.
struct MemoryBenchmark {
  var entries: Int
  /// Workloads that each user is active in.
  var placesPerUser: Int

  private static let workloads = ["customer-engagement", "finance-operations", "commerce"]
  private static let customers = 4
  private static let start = Timestamp(seconds: 1_760_000_000)
  private static let batch = 4096

  static var all: [MemoryBenchmark] {
    [100_000, 1_000_000, 10_000_000].flatMap { entries in
      [1, 3].map { MemoryBenchmark(entries: entries, placesPerUser: $0) }
    }
  }

  var name: String { "memory, \(entries) entries, \(placesPerUser) a user" }

  func run() throws {
    let state = try Self.emptyState()
    var bytes: [UInt8] = []
    var ranges: [MessageRange] = []
    encode(0..<Self.batch, into: &bytes, &ranges)
    let before = Self.residentBytes
    for first in stride(from: 0, to: entries, by: Self.batch) {
      encode(first..<min(first + Self.batch, entries), into: &bytes, &ranges)
      state.apply(.usageActions, bytes, ranges)
    }
    let taken = Double(Self.residentBytes - before) / Double(entries)
    withExtendedLifetime(state) {}
    print(
      name.padding(toLength: 40, withPad: " ", startingAt: 0), String(format: "%10.1f bytes each", taken))
  }

  static func emptyState() throws -> EntityState {
    let catalog = try Catalog(
      reportingCurrency: "USD", excludedPartnerCountries: [],
      products: [
        Catalog.Product(
          id: "dynamics-365", name: "Dynamics 365",
          workloads: workloads.map { Catalog.Workload(id: $0, name: $0, exams: []) })
      ])
    let state = EntityState(catalog: catalog, placement: Placement(0, of: 1))
    for customer in 0..<customers {
      var subscription = Subscription<String>()
      subscription.customerID = "customer-\(customer)"
      subscription.subscriptionID = "subscription-\(customer)"
      subscription.product = "dynamics-365"
      subscription.workloads = workloads
      subscription.licenseProgram = .cloudSolutionProvider
      subscription.kind = .paid
      subscription.status = .active
      subscription.dporPartnerID = "partner"
      subscription.effectiveAt = start
      let key = subscription.customerID.utf8.count
      let bytes = Array(subscription.customerID.utf8) + subscription.protobuf
      state.apply(.subscriptions, bytes, [(0..<key, key..<bytes.count)])
    }
    return state
  }

  /// Encodes the actions with these numbers, each of another (user, subscription, workload), in place of what was there.
  private func encode(_ numbers: Range<Int>, into bytes: inout [UInt8], _ ranges: inout [MessageRange]) {
    bytes.removeAll(keepingCapacity: true)
    ranges.removeAll(keepingCapacity: true)
    let users = (entries + placesPerUser - 1) / placesPerUser
    var action = UsageAction<String>()
    action.intentional = true
    action.action = "opportunity.update"
    action.occurredAt = Self.start
    for number in numbers {
      let user = number % users
      action.customerID = "customer-\(user % Self.customers)"
      action.subscriptionID = "subscription-\(user % Self.customers)"
      action.userID = "user-\(user)@customer.example"
      action.workload = Self.workloads[number / users]
      let start = bytes.count
      bytes.append(contentsOf: action.customerID.utf8)
      let from = bytes.count
      action.encode(into: &bytes)
      ranges.append((start..<from, from..<bytes.count))
    }
  }

  /// Bytes of this process in physical memory.
  static var residentBytes: Int {
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")[1]
    return (pages.flatMap { Int($0) } ?? 0) * sysconf(Int32(_SC_PAGESIZE))
  }
}

/// Where a message and its key lie.
typealias MessageRange = (key: Range<Int>, value: Range<Int>)

extension EntityState {
  /// Applies the messages that lie in `ranges` of `bytes`.
  func apply(_ topic: Topic, _ bytes: [UInt8], _ ranges: [MessageRange]) {
    bytes.withUnsafeBytes { bytes in
      let records = ranges.map { range in
        Record(
          topic: topic, partition: 0, offset: 0, timestamp: nil,
          key: UnsafeRawBufferPointer(rebasing: bytes[range.key]),
          value: UnsafeRawBufferPointer(rebasing: bytes[range.value]))
      }
      records.withUnsafeBufferPointer {
        apply($0) { _, refusal in preconditionFailure("refused: \(refusal)") }
      }
    }
  }
}
