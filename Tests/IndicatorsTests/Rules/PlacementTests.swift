import Contract
import Indicators
import Testing

@Suite("Events that are rejected: by where they lie")
struct PlacementTests {
  private static let partitions: Int32 = 4
  private let acme = partition(ofKey: "acme", count: PlacementTests.partitions)

  private func state(_ partition: Int32) throws -> EntityState {
    EntityState(
      catalog: try Catalog(reportingCurrency: "EUR", excludedPartnerCountries: [], products: []),
      placement: Placement(partition, of: Self.partitions))
  }

  /// Applies one event to the state of a partition; returns why it is refused, and where it is said to belong.
  private func apply(
    _ event: some InputMessage, key: String?, to partition: Int32
  ) throws -> (refusal: Refusal?, expected: Int32) {
    let state = try state(partition)
    var refusal: Refusal?
    event.protobuf.withUnsafeBytes { value in
      Array((key ?? "").utf8).withUnsafeBytes { bytes in
        let record = Record(
          topic: type(of: event).topic, partition: partition, offset: 0, timestamp: nil,
          key: key == nil ? nil : bytes, value: value)
        withUnsafePointer(to: record) {
          state.apply(UnsafeBufferPointer(start: $0, count: 1)) { refusal = $1 }
        }
      }
    }
    if refusal != nil { #expect(state.clock.newest == nil, "a refused event moved the clock") }
    return (refusal, state.expectedPartition)
  }

  private var customer: Customer<String> {
    var event = Customer<String>()
    (event.customerID, event.effectiveAt) = ("acme", Timestamp(seconds: 1_700_000_000))
    return event
  }

  private func action(intentional: Bool = true) -> UsageAction<String> {
    var event = UsageAction<String>()
    (event.customerID, event.subscriptionID, event.userID) = ("acme", "s", "u")
    (event.intentional, event.occurredAt) = (intentional, Timestamp(seconds: 1_700_000_000))
    return event
  }

  @Test("One that lies where it belongs is taken in (SEM-56)")
  func right() throws {
    #expect(try apply(customer, key: "acme", to: acme).refusal == nil)
    #expect(try apply(action(), key: "acme", to: acme).refusal == nil)
  }

  @Test("Another partitioner, no key, or a key that is not the entity's id (SEM-56)")
  func wrong() throws {
    let elsewhere = (acme + 1) % Self.partitions
    for (key, partition) in [("acme", elsewhere), (nil, acme), ("", acme), ("acme2", acme)]
      as [(String?, Int32)]
    {
      for outcome in [
        try apply(customer, key: key, to: partition), try apply(action(), key: key, to: partition),
        try apply(action(intentional: false), key: key, to: partition),
      ] {
        #expect(outcome.refusal == .wrongPartition, "\(key ?? "no key") in \(partition)")
        #expect(outcome.expected == acme)
      }
    }
  }

  @Test("That comes before every other reason but that nobody knows whose it is (SEM-54)")
  func order() throws {
    var event = action()
    event.occurredAt = nil
    #expect(try apply(event, key: "acme", to: acme).refusal == .missingInstant)
    #expect(try apply(event, key: "acme", to: (acme + 1) % Self.partitions).refusal == .wrongPartition)
    #expect(try apply(event, key: nil, to: acme).refusal == .wrongPartition)
    event.customerID = ""
    #expect(try apply(event, key: nil, to: acme).refusal == .missingID)
    var nobody = customer
    nobody.customerID = ""
    #expect(try apply(nobody, key: "acme", to: 0).refusal == .missingID)
  }

  @Test("Of one partition every key is, but the key must be the id (SEM-56)")
  func onePartition() throws {
    let catalog = try Catalog(reportingCurrency: "EUR", excludedPartnerCountries: [], products: [])
    let state = EntityState(catalog: catalog, placement: Placement(0, of: 1))
    var refusals: [Refusal?] = []
    for key in ["acme", "other"] {
      var refusal: Refusal?
      action().protobuf.withUnsafeBytes { value in
        Array(key.utf8).withUnsafeBytes { bytes in
          let record = Record(
            topic: .usageActions, partition: 0, offset: 0, timestamp: nil, key: bytes, value: value)
          withUnsafePointer(to: record) {
            state.apply(UnsafeBufferPointer(start: $0, count: 1)) { refusal = $1 }
          }
        }
      }
      refusals.append(refusal)
    }
    #expect(refusals == [nil, .wrongPartition])
  }
}
