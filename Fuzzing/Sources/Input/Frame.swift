import Contract

/// A record in a fuzz input: a byte for the topic, one of flags, the key and the value behind their lengths. Any bytes
/// are some frames, so that nothing that libFuzzer tries is wasted.
struct Frame {
  var topic: Topic
  /// Milliseconds since 1970; nil for none.
  var timestamp: Int64?
  var key: [UInt8]
  /// Nil for a tombstone.
  var value: [UInt8]?
  /// Whether the outputs are drained after it.
  var endsCommit = false

  private static let hasTimestamp: UInt8 = 1
  private static let isTombstone: UInt8 = 2
  private static let commit: UInt8 = 4
  /// As many as keep a run short.
  static let most = 64

  static func read(_ input: [UInt8]) -> [Frame] {
    var rest = input[...]
    var frames: [Frame] = []
    while frames.count < most, let topic = rest.popFirst() {
      let flags = rest.popFirst() ?? 0
      var frame = Frame(topic: Topic.allCases[Int(topic) % Topic.allCases.count], key: [])
      if flags & hasTimestamp != 0 { frame.timestamp = Int64(truncatingIfNeeded: take(8, &rest).number) }
      frame.key = take(Int(take(1, &rest).number), &rest)
      if flags & isTombstone == 0 { frame.value = take(Int(take(2, &rest).number), &rest) }
      frame.endsCommit = flags & commit != 0
      frames.append(frame)
    }
    return frames
  }

  static func write(_ frames: [Frame]) -> [UInt8] {
    var bytes: [UInt8] = []
    for frame in frames {
      var flags: UInt8 = frame.endsCommit ? commit : 0
      if frame.timestamp != nil { flags |= hasTimestamp }
      if frame.value == nil { flags |= isTombstone }
      bytes += [UInt8(Topic.allCases.firstIndex(of: frame.topic) ?? 0), flags]
      if let timestamp = frame.timestamp { append(UInt64(bitPattern: timestamp), 8, &bytes) }
      let key = frame.key.prefix(255)
      bytes.append(UInt8(key.count))
      bytes += key
      if let value = frame.value?.prefix(65_535) {
        append(UInt64(value.count), 2, &bytes)
        bytes += value
      }
    }
    return bytes
  }

  private static func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  private static func append(_ number: UInt64, _ count: Int, _ bytes: inout [UInt8]) {
    for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(index)))) }
  }
}

extension [UInt8] {
  /// Little-endian.
  fileprivate var number: UInt64 { reversed().reduce(0) { $0 << 8 | UInt64($1) } }
}

extension Frame {
  /// Calls `body` with the frame as a record that was read from a log.
  func withRecord<Result, E: Error>(
    _ topic: Topic, offset: Int, _ body: (Record) throws(E) -> Result
  ) throws(E) -> Result {
    let outcome: Swift.Result<Result, E> = key.withUnsafeBytes { key in
      func result(_ value: UnsafeRawBufferPointer?) -> Swift.Result<Result, E> {
        let record = Record(
          topic: topic, partition: 0, offset: Int64(offset), timestamp: timestamp, key: key, value: value)
        do throws(E) {
          return .success(try body(record))
        } catch {
          return .failure(error)
        }
      }
      return value.map { $0.withUnsafeBytes { result($0) } } ?? result(nil)
    }
    return try outcome.get()
  }
}
