import Contract
import Randomness

/// The value of a record of any topic. The first byte says which message it is.
struct MessageTarget: FuzzTarget {
  static let name = "messages"

  private typealias Check = @Sendable (UnsafeRawBufferPointer) -> Void
  private static let checks: [Check] = [
    input(UsageAction<String>.self, UsageActionView.self),
    input(LicenseAssignment<String>.self, LicenseAssignmentView.self),
    input(Subscription<String>.self, SubscriptionView.self),
    input(BillingLine<String>.self, BillingLineView.self),
    input(Instance<String>.self, InstanceView.self),
    input(Customer<String>.self, CustomerView.self),
    input(ExamPass<String>.self, ExamPassView.self),
    input(Affiliation<String>.self, AffiliationView.self),
    input(Partner<String>.self, PartnerView.self),
    own(PartnerPartial.self), own(IndicatorSnapshot.self), own(IndicatorScale.self),
    own(GenerationRecord.self),
  ]

  func run(_ input: UnsafeRawBufferPointer) {
    guard let kind = input.first else { return }
    // In memory of its own, so that a read past the end is seen.
    let payload = Array(input.dropFirst())
    payload.withUnsafeBytes(Self.checks[Int(kind) % Self.checks.count])
  }

  /// A message that was read is read from what is written of it, in either form.
  private static func own<M: Message & SendableMetatype>(_: M.Type) -> Check where M.Owned == M {
    { payload in
      guard let message = try? M(payload: payload) else { return }
      checkRoundTrips(message)
    }
  }

  /// Besides, a borrowing message reads what an owning one does, and nothing else.
  private static func input<M: InputMessage & SendableMetatype, View: InputMessage & SendableMetatype>(
    _: M.Type, _: View.Type
  ) -> Check
  where M.Owned == M, View.Text == BorrowedText {
    { payload in
      let message = try? M(payload: payload)
      let scratch = PayloadScratch()
      let view = try? View(payload: payload, scratch: scratch)
      expect(view?.protobuf == message?.protobuf, "\(M.self) is not read like its view")
      if let usage = try? UsageActionView(payload: payload, scratch: scratch), M.topic == .usageActions {
        expect(usage.protobuf == message?.protobuf, "the fast way reads another usage action")
      }
      if let message { checkRoundTrips(message) }
    }
  }

  private static func checkRoundTrips<M: Message>(_ message: M) where M.Owned == M {
    // By their bytes, since NaN equals nothing.
    let bytes = message.protobuf
    let again = bytes.withUnsafeBytes { try? M(protobuf: $0) }
    expect(again?.protobuf == bytes, "\(M.self) changes in protobuf: \(message)")
    var json: [UInt8] = []
    message.encodeJSON(into: &json)
    let fromJSON = json.withUnsafeBytes { try? M(json: $0) }
    var jsonAgain: [UInt8] = []
    fromJSON?.encodeJSON(into: &jsonAgain)
    expect(jsonAgain == json, "\(M.self) changes in JSON: \(String(decoding: json, as: UTF8.self))")
  }

  func mutate(_ input: [UInt8], _ room: Int, _ random: inout SplitMix64) -> [UInt8]? {
    guard let kind = input.first, random.below(3) > 0 else { return nil }
    let mutator = ProtobufMutator(words: Self.words, donors: [])
    guard let payload = mutator.mutate(Array(input.dropFirst()), &random), payload.count < room else {
      return nil
    }
    return [kind] + payload
  }

  static let words = [
    "", "a", "c1", "FR", "EUR", "2026-11", "\u{e9}", "\u{10ffff}", "|", "\u{0}", "\u{7f}",
  ]

  static func seeds() throws -> [[UInt8]] {
    let inputs = SeedEvents.sets(20).joined().compactMap { frame -> [UInt8]? in
      guard let kind = Topic.inputs.firstIndex(of: frame.topic), let value = frame.value else { return nil }
      return [UInt8(kind)] + value
    }
    let outputs = try SeedEvents.outputs(6).joined().compactMap { frame -> [UInt8]? in
      guard let value = frame.value else { return nil }
      switch frame.topic {
      case .partnerPartials: return [9] + value
      case .indicatorSnapshots: return [10] + value
      case .indicatorScales: return [11] + value
      default: return nil
      }
    }
    return inputs + outputs
  }
}
