import Contract
import EventLog
import Indicators

/// The record that is written to `rejected-events` for a refused record: a copy, truncated if it is too large for that topic.
///
/// The producer's headers come first; the program's own headers start with the last one named `reason`. So the two can be
/// distinguished whatever header names producers use, and a lookup of the last header with a name finds the program's own.
struct RefusedRecord {
  let key: UnsafeRawBufferPointer?
  let value: UnsafeRawBufferPointer?
  /// How many of the producer's headers are copied, from the first.
  let carriedCount: Int
  /// The program's own headers.
  private(set) var headers: [Header]

  /// `rejected-events` must accept records of this size in bytes; the program's own headers take a fraction of it.
  static let leastRoom = 4096

  /// `room` is the size of the largest record in bytes, as `EventLog.largestRecord` counts them. `expectedPartition` is the
  /// partition of the record's key, for an event in the wrong partition.
  init(_ record: Record, _ refusal: Refusal, expectedPartition: Int32, room: Int) {
    headers = Self.headers(record, refusal, expectedPartition)
    let carriedSizes = record.headers.map(\.size)
    let (keySize, valueSize) = (record.key?.count ?? 0, record.value?.count ?? 0)
    let carriedSize = carriedSizes.reduce(0, +)
    let whole = keySize + valueSize + carriedSize
    guard whole > room - headers.reduce(0, { $0 + $1.size }) else {
      (key, value, carriedCount) = (record.key, record.value, .max)
      return
    }
    let left = max(0, room - headers.reduce(0) { $0 + $1.size } - Self.largestTruncationHeader)
    // The value gets half, the headers and the key a quarter each, and each also what the others leave.
    let valueRoom = max(left / 2, left - keySize - carriedSize)
    let keptValue = record.value?.prefix(valueRoom)
    let headerRoom = max(left / 4, left - (keptValue?.count ?? 0) - keySize)
    let (count, size) = Self.fitting(carriedSizes, in: headerRoom)
    let keptKey = record.key?.prefix(left - (keptValue?.count ?? 0) - size)
    key = keptKey.map(UnsafeRawBufferPointer.init(rebasing:))
    value = keptValue.map(UnsafeRawBufferPointer.init(rebasing:))
    carriedCount = count
    var cut: [String] = []
    if keptValue?.count != record.value?.count { cut.append("value=\(valueSize)") }
    if keptKey?.count != record.key?.count { cut.append("key=\(keySize)") }
    if count < carriedSizes.count { cut.append("headers=\(carriedSizes.count)") }
    headers.append(Header("truncated", cut.joined(separator: ",").utf8))
  }

  /// An upper bound for the size of the header `truncated` in bytes.
  private static let largestTruncationHeader = 128

  private static func headers(
    _ record: Record, _ refusal: Refusal, _ expectedPartition: Int32
  ) -> [Header] {
    var texts = [
      ("reason", refusal.rawValue), ("topic", record.topic.name), ("partition", String(record.partition)),
      ("offset", String(record.offset)),
    ]
    if refusal == .unknownSchema, let schema = record.value.flatMap(ConfluentFrame.init) {
      let kind = schema.isJSON ? "JSON" : "protobuf"
      texts.append(("detail", "the registry has no \(kind) schema \(schema.id)"))
    }
    if refusal == .notDecodable { texts.append(("detail", detail(record))) }
    if refusal == .wrongPartition { texts.append(("expected_partition", String(expectedPartition))) }
    return texts.map { Header($0.0, $0.1.utf8) }
  }

  /// The decoding error of a value, with its byte offset. Decodes once more; only refused records pay for that.
  private static func detail(_ record: Record) -> String {
    guard let value = record.value else { return "no value" }
    return record.topic.decodingError(of: value)?.description ?? "not a message of this topic"
  }

  /// How many of the first headers fit, and their size.
  private static func fitting(_ sizes: [Int], in room: Int) -> (count: Int, size: Int) {
    var (count, size) = (0, 0)
    for next in sizes {
      if size + next > room { break }
      count += 1
      size += next
    }
    return (count, size)
  }
}
