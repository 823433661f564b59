/// How a record's value is written, and the part of it that is the message.
public enum PayloadForm {
  case protobuf(UnsafeRawBufferPointer)
  case json(UnsafeRawBufferPointer)

  /// Recognises the form by the first byte: "{" is JSON, zero is the framing of Confluent's schema registry, anything
  /// else protobuf, of which neither can be a start (field number 0; a group). In the frame may be JSON too.
  @inlinable
  public init(_ payload: UnsafeRawBufferPointer) throws(DecodingError) {
    switch payload.first {
    case UInt8(ascii: "{"): self = .json(payload)
    case 0:
      if payload.count > 5, payload[5] == UInt8(ascii: "{") {
        self = .json(UnsafeRawBufferPointer(rebasing: payload[5...]))
      } else {
        self = .protobuf(try PayloadForm.framed(payload))
      }
    default: self = .protobuf(payload)
    }
  }

  /// What follows the frame: a zero byte, the schema's id in four bytes, the indexes that lead to the message type in
  /// the schema (a count and as many numbers, zigzag varints; a count of zero stands for the first type).
  /// The topic says the type, so the indexes are read but not judged.
  @usableFromInline
  static func framed(_ payload: UnsafeRawBufferPointer) throws(DecodingError) -> UnsafeRawBufferPointer {
    guard payload.count >= 5 else { throw DecodingError(.malformedFraming, at: payload.count) }
    var reader = ProtobufReader(UnsafeRawBufferPointer(rebasing: payload[5...]), origin: payload.baseAddress)
    do throws(DecodingError) {
      let count = ZigZag<Int64>(wireBits: try reader.varint()).value
      guard count >= 0, count <= reader.remaining else { throw reader.error(.malformedFraming) }
      for _ in 0..<count {
        let index = ZigZag<Int64>(wireBits: try reader.varint()).value
        guard index >= 0 else { throw reader.error(.malformedFraming) }
      }
    } catch {
      throw DecodingError(.malformedFraming, at: error.offset)
    }
    return UnsafeRawBufferPointer(rebasing: payload[(payload.count - reader.remaining)...])
  }
}
