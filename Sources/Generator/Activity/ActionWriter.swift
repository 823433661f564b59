import Contract
import Indicators

/// Encodes usage actions of a market as records, in one buffer that is reused.
struct ActionWriter {
  /// The value of the last record.
  private(set) var value: [UInt8] = []
  private(set) var key: [UInt8] = []
  private let seed: UInt64
  /// By product number plus one: the workloads of each product, with what is done in them.
  private let workloads: [[(id: [UInt8], actions: [[UInt8]])]]
  private let strayWorkloads: [(id: [UInt8], actions: [[UInt8]])]
  private let unintentional = ActionNames.unintentional.map { Array($0.utf8) }
  private var text: [UInt8] = []

  init(_ catalog: Catalog, seed: UInt64) {
    let offering = Offering(catalog)
    self.seed = seed
    workloads = (-1..<offering.products.count).map { Self.entries(offering[$0].workloads) }
    // One workload that nobody's license includes, and one that the catalog does not list.
    strayWorkloads = Self.entries([offering.products.first?.workloads.first ?? "classic", "power-platform"])
  }

  private static func entries(_ workloads: [String]) -> [(id: [UInt8], actions: [[UInt8]])] {
    workloads.map { workload in (Array(workload.utf8), ActionNames.of(workload).map { Array($0.utf8) }) }
  }

  /// Sets `key` and `value` to an action of the seat's user at `time`, in milliseconds since 1970.
  mutating func write(_ seat: Market.Seat, of market: Market, at time: Int64, _ random: inout Random) {
    let subscription = market.subscriptions[Int(seat.subscription)]
    let customer = market.customers[subscription.customer]
    let (workload, actions) = drawWorkload(subscription, &random)
    let isIntentional = !random.perMille(30)
    let action =
      isIntentional ? actions[random.below(actions.count)] : unintentional[random.below(unintentional.count)]
    key.removeAll(keepingCapacity: true)
    customer.id.withUTF8Bytes { key.append(contentsOf: $0) }
    // The texts that are not stored anywhere: the subscription's id, then the user's.
    text.removeAll(keepingCapacity: true)
    text.append(contentsOf: Self.subscriptionPrefix)
    append(decimal: subscription.number)
    let subscriptionEnd = text.count
    UserID(Int(seat.user) == customer.firstUser ? 0 : Int(seat.user) + 1, seed: seed).append(to: &text)
    value.removeAll(keepingCapacity: true)
    key.withUnsafeBytes { key in
      text.withUnsafeBytes { text in
        workload.withUnsafeBytes { workload in
          action.withUnsafeBytes { action in
            var message = UsageActionView()
            message.customerID = BorrowedText(validUTF8: key)
            message.subscriptionID = BorrowedText(
              validUTF8: UnsafeRawBufferPointer(rebasing: text[..<subscriptionEnd]))
            message.userID = BorrowedText(
              validUTF8: UnsafeRawBufferPointer(rebasing: text[subscriptionEnd...]))
            message.workload = BorrowedText(validUTF8: workload)
            message.action = BorrowedText(validUTF8: action)
            message.intentional = isIntentional
            message.occurredAt = Timestamp(
              seconds: time / 1000, nanos: Int32(time % 1000) * 1_000_000)
            message.encode(into: &value)
          }
        }
      }
    }
  }

  private static let subscriptionPrefix = Array("subscription-".utf8)

  private mutating func append(decimal number: Int) {
    if number >= 10 { append(decimal: number / 10) }
    text.append(UInt8(ascii: "0") + UInt8(number % 10))
  }

  /// Nearly always one that the subscription includes.
  private func drawWorkload(
    _ subscription: Market.Subscription, _ random: inout Random
  ) -> (id: [UInt8], actions: [[UInt8]]) {
    if random.perMille(15) { return strayWorkloads[random.below(strayWorkloads.count)] }
    let choices = workloads[subscription.product + 1]
    var skip = random.below(max(1, subscription.workloads.nonzeroBitCount))
    var mask = subscription.workloads
    while skip > 0 {
      mask &= mask - 1
      skip -= 1
    }
    return choices[min(mask.trailingZeroBitCount, choices.count - 1)]
  }
}
