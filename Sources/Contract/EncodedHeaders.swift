/// A record's headers encoded as bytes: for each header, the length and bytes of its name, and the length and bytes of its value.
/// Lengths are 32 bits, little-endian; a null value has the length 2^32 - 1.
public struct EncodedHeaders: Sendable, Equatable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public init(_ headers: [Header]) {
    for header in headers { append(header) }
  }

  /// Encodes the first headers.
  public init(_ headers: RecordHeaders, first count: Int = .max) {
    var rest = count
    for header in headers {
      guard rest > 0 else { return }
      append(header)
      rest -= 1
    }
  }

  public mutating func append(_ header: Header) {
    Self.append(header.name, to: &bytes)
    Self.append(header.value, to: &bytes)
  }

  public mutating func append(_ header: BorrowedHeader) {
    Self.append(header.name, to: &bytes)
    Self.append(header.value, to: &bytes)
  }

  private static let none = UInt32.max

  private static func append(_ part: (some Collection<UInt8>)?, to bytes: inout [UInt8]) {
    // No log takes a header that long.
    let count = part.map { UInt32(truncatingIfNeeded: $0.count) } ?? none
    withUnsafeBytes(of: count.littleEndian) { bytes.append(contentsOf: $0) }
    if let part { bytes.append(contentsOf: part) }
  }

  /// The bytes that come before encoded headers of `count` bytes where `RecordHeaders` reads them.
  @inline(__always)
  public static func frame(count: Int) -> UInt64 { UInt64(count).littleEndian }

  /// The size of that frame, in bytes.
  public static var frameSize: Int { MemoryLayout<UInt64>.size }

  /// Calls `body` with the headers; valid only during the call.
  public func withRecordHeaders<R>(_ body: (RecordHeaders) -> R) -> R {
    if bytes.isEmpty { return body(.none) }
    let framed = Swift.withUnsafeBytes(of: Self.frame(count: bytes.count), Array.init) + bytes
    return framed.withUnsafeBytes { all in body(all.baseAddress.map(RecordHeaders.init(framed:)) ?? .none) }
  }

  /// Decodes what `bytes` holds; nil if it is not exactly what this type encodes.
  public static func decode(_ bytes: some Collection<UInt8>) -> [Header]? {
    var framed = Swift.withUnsafeBytes(of: frame(count: bytes.count), Array.init)
    framed.append(contentsOf: bytes)
    return framed.withUnsafeBytes { all in
      guard let start = all.baseAddress else { return nil }
      let headers = RecordHeaders(framed: start).map(Header.init)
      return EncodedHeaders(headers).bytes.elementsEqual(bytes) ? headers : nil
    }
  }
}

extension RecordHeaders {
  /// Headers that `EncodedHeaders` has encoded, at `start` with their frame before them; a damaged one ends the sequence.
  public init(framed start: UnsafeRawPointer) {
    self.init(start) { source, cursor, name, nameCount, value, valueCount in
      let size = Int(UInt64(littleEndian: source.loadUnaligned(as: UInt64.self)))
      let all = UnsafeRawBufferPointer(start: source + EncodedHeaders.frameSize, count: size)
      var at = cursor.pointee
      guard let nameRange = all.part(at: &at), let nameRange else { return false }
      guard let valueRange = all.part(at: &at) else { return false }
      cursor.pointee = at
      guard let base = all.baseAddress else { return false }
      name.pointee = base + nameRange.lowerBound
      nameCount.pointee = nameRange.count
      value.pointee = valueRange.map { base + $0.lowerBound }
      valueCount.pointee = valueRange?.count ?? 0
      return true
    }
  }
}

extension UnsafeRawBufferPointer {
  /// The range of the name or value whose length is at `at`; the inner nil is a null value, the outer one damage.
  fileprivate func part(at: inout Int) -> Range<Int>?? {
    guard count - at >= 4 else { return nil }
    let length = UInt32(littleEndian: loadUnaligned(fromByteOffset: at, as: UInt32.self))
    at += 4
    if length == .max { return .some(nil) }
    guard count - at >= Int(length) else { return nil }
    defer { at += Int(length) }
    return .some(at..<at + Int(length))
  }
}
