/// How a record's value is written, with the bytes of the message, which follow the frame if there is one.
public enum PayloadForm {
  case protobuf(UnsafeRawBufferPointer)
  case json(UnsafeRawBufferPointer)

  /// Recognizes the form by the first byte: "{" is JSON, zero begins a `ConfluentFrame`, anything else is protobuf, which can begin
  /// with neither (field number 0; a group). After a frame, "{" is JSON too.
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

  /// What follows the frame of a protobuf value. Its indexes (a count and as many numbers, zigzag varints; a count of zero stands
  /// for the first message) are skipped, since the topic determines the type.
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
