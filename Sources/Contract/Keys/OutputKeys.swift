// Only a partner's id may contain "|", and it comes first, so keys are unique. Keys are written as bytes, so that a stage that
// publishes makes no texts; `key` gives the text.

extension Cell {
  /// "product|workload|country".
  public var key: String { text(writeKey) }

  /// Appends the bytes of `key`.
  public func writeKey(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: product.utf8)
    bytes.append(UInt8(ascii: "|"))
    bytes.append(contentsOf: workload.utf8)
    bytes.append(UInt8(ascii: "|"))
    bytes.append(contentsOf: country.utf8)
  }
}

extension IndicatorSnapshot {
  /// "partner_id|product|workload|country|month". The record's partition is that of the partner's id alone.
  public static func key(partnerID: String, cell: Cell, month: String) -> String {
    text { writeKey(partnerID: partnerID, cell: cell, month: month, to: &$0) }
  }

  public var key: String { text(writeKey) }

  /// Appends the bytes of `key`.
  public func writeKey(to bytes: inout [UInt8]) {
    Self.writeKey(partnerID: partnerID, cell: cell ?? Cell(), month: month, to: &bytes)
  }

  /// Appends the bytes of such a key.
  public static func writeKey(partnerID: String, cell: Cell, month: String, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: partnerID.utf8)
    bytes.append(UInt8(ascii: "|"))
    cell.writeKey(to: &bytes)
    bytes.append(UInt8(ascii: "|"))
    bytes.append(contentsOf: month.utf8)
  }
}

extension IndicatorScale {
  /// "product|workload|country|month".
  public static func key(cell: Cell, month: String) -> String {
    text { writeKey(cell: cell, month: month, to: &$0) }
  }

  public var key: String { text(writeKey) }

  /// Appends the bytes of `key`.
  public func writeKey(to bytes: inout [UInt8]) {
    Self.writeKey(cell: cell ?? Cell(), month: month, to: &bytes)
  }

  /// Appends the bytes of such a key.
  public static func writeKey(cell: Cell, month: String, to bytes: inout [UInt8]) {
    cell.writeKey(to: &bytes)
    bytes.append(UInt8(ascii: "|"))
    bytes.append(contentsOf: month.utf8)
  }
}

private func text(_ write: (inout [UInt8]) -> Void) -> String {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(64)
  write(&bytes)
  return String(decoding: bytes, as: UTF8.self)
}
