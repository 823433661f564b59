/// Why bytes could not be decoded as a message.
public struct DecodingError: Error, Hashable, Sendable, CustomStringConvertible {
  public var reason: Reason
  /// Where in the record's value, in bytes from 0. If the content of a JSON string is wrong (no timestamp, an unknown name), it is
  /// where the content starts; for a member that is given twice, where the second one's name starts.
  public var offset: Int

  @inlinable
  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  public var description: String { "\(reason.rawValue) at byte \(offset)" }

  /// The kinds of damage; the raw value is for people to read.
  public enum Reason: String, CaseIterable, Sendable {
    case truncated
    case malformedVarint = "malformed varint"
    case invalidFieldNumber = "invalid field number"
    case invalidWireType = "invalid wire type"
    case unmatchedGroup = "unmatched end of group"
    case nestedTooDeeply = "nested too deeply"
    case invalidUTF8 = "invalid UTF-8"
    case timestampOutOfRange = "timestamp out of range"
    case malformedFraming = "malformed schema registry framing"
    case malformedJSON = "malformed JSON"
    case wrongJSONType = "JSON value of the wrong type"
    case numberOutOfRange = "number out of range"
    case notAnInteger = "not an integer"
    case unknownEnumName = "unknown enum name"
    case malformedTimestamp = "malformed timestamp"
    case repeatedField = "field given more than once"
  }
}
