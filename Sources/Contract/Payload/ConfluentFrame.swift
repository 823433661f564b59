/// What Confluent's serializers put before a value: a zero byte, the schema's id in four bytes (big-endian), and for protobuf the
/// indexes of the message type in the schema.
public struct ConfluentFrame: Equatable, Sendable {
  /// The schema's id in the registry.
  public let id: UInt32
  /// Whether the value is JSON, and protobuf otherwise.
  public let isJSON: Bool

  /// The frame of a record's value; nil if it has none.
  public init?(_ payload: UnsafeRawBufferPointer) {
    guard payload.count >= 5, payload[0] == 0 else { return nil }
    id = UInt32(bigEndian: payload.loadUnaligned(fromByteOffset: 1, as: UInt32.self))
    // As a count of indexes, a brace would be negative.
    isJSON = payload.count > 5 && payload[5] == UInt8(ascii: "{")
  }

  /// The frame of a JSON value, which has no indexes.
  public static func bytes(schema id: UInt32) -> [UInt8] {
    [0] + withUnsafeBytes(of: id.bigEndian) { Array($0) }
  }

  /// The frame of a protobuf message, which is number `index` (from 0) of the schema's top-level messages.
  public static func bytes(schema id: UInt32, message index: Int) -> [UInt8] {
    // A single zero stands for the path of the first one.
    guard index > 0 else { return bytes(schema: id) + [0] }
    var frame = bytes(schema: id)
    for number in [1, index] {
      var rest = ZigZag(Int64(number)).wireBits
      while rest >= 0x80 {
        frame.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      frame.append(UInt8(rest))
    }
    return frame
  }
}
