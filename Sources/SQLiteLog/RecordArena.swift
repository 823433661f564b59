import Contract
import EventLog

/// Memory for one fetched batch of records, reused for the next one.
final class RecordArena {
  private var memory: UnsafeMutableRawBufferPointer
  private var used = 0
  private(set) var records: [Record] = []
  private let maxRecords: Int

  init(bytes: Int, records maxRecords: Int) {
    memory = .allocate(byteCount: max(bytes, 1), alignment: 16)
    self.maxRecords = max(maxRecords, 1)
    records.reserveCapacity(self.maxRecords)
  }

  deinit { memory.deallocate() }

  var freeRecords: Int { maxRecords - records.count }

  func removeAll() {
    records.removeAll(keepingCapacity: true)
    used = 0
  }

  /// Copies a record; `headers` are encoded as by `EncodedHeaders`. Returns false if there is no room; an empty arena has room
  /// for any record.
  func append(_ record: Record, headers: UnsafeRawBufferPointer?) -> Bool {
    let headerSize = headers.map { EncodedHeaders.frameSize + $0.count } ?? 0
    let needed = (record.key?.count ?? 0) + (record.value?.count ?? 0) + headerSize
    if needed > memory.count - used {
      guard records.isEmpty else { return false }
      memory.deallocate()
      memory = .allocate(byteCount: needed, alignment: 16)
    }
    var copy = record
    copy.key = record.key.map(place)
    copy.value = record.value.map(place)
    if let headers { copy.headers = RecordHeaders(framed: placeFramed(headers)) }
    records.append(copy)
    return true
  }

  private func placeFramed(_ headers: UnsafeRawBufferPointer) -> UnsafeRawPointer {
    let start = UnsafeRawPointer(memory.baseAddress.unsafelyUnwrapped) + used
    withUnsafeBytes(of: EncodedHeaders.frame(count: headers.count)) { _ = place($0) }
    _ = place(headers)
    return start
  }

  private func place(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let target = UnsafeMutableRawBufferPointer(rebasing: memory[used..<used + bytes.count])
    target.copyMemory(from: bytes)
    used += bytes.count
    return UnsafeRawBufferPointer(target)
  }
}
