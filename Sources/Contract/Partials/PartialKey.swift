/// A key of topic `partner-partials`.
public enum PartialKey: Hashable, Sendable {
  /// What a source contributes to a partner in a cell: "source|partner_id|product|workload|country".
  case contribution(source: UInt32, partnerID: String, cell: Cell)
  /// The months in which a partner is eligible: "eligible|partner_id".
  case enrolment(partnerID: String)
  /// The newest event time that a source has read: "clock|source".
  case clock(source: UInt32)

  public var text: String {
    switch self {
    case .contribution(let source, let partnerID, let cell): "\(source)|\(partnerID)|\(cell.key)"
    case .enrolment(let partnerID): "eligible|\(partnerID)"
    case .clock(let source): "clock|\(source)"
    }
  }

  /// The bytes of `text`.
  public var bytes: [UInt8] { Array(text.utf8) }

  /// Parses a contribution's key; nil if it is another. Only a partner's id may contain "|", and it is never empty.
  public init?(contribution key: UnsafeRawBufferPointer) {
    let parts = key.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
    guard parts.count >= 5, let source = UInt32(String(decoding: parts[0], as: UTF8.self)) else { return nil }
    func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
    let last = parts.count - 1
    let partnerID = key[(parts[0].endIndex + 1)..<(parts[last - 2].startIndex - 1)]
    guard !partnerID.isEmpty else { return nil }
    self = .contribution(
      source: source, partnerID: text(partnerID),
      cell: Cell(product: text(parts[last - 2]), workload: text(parts[last - 1]), country: text(parts[last])))
  }
}
