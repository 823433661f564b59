import Contract

/// Where the records of a task's entities are: in its partition of the inputs, with the entity's id as the key. An event in
/// another partition would be counted apart from the rest of its entity, so it is rejected.
package struct Placement: Sendable {
  package let partition: Int32
  /// Partitions of each input.
  package let count: Int32

  package init(_ partition: Int32, of count: Int32) {
    self.partition = partition
    self.count = count
  }

  /// Throws if an event of the entity `id` does not belong in this partition or under this key. Accepts any place for an
  /// empty id, for which the event is rejected later. O(bytes of the key).
  @inline(__always)
  func check(_ id: BorrowedText, key: UnsafeRawBufferPointer?) throws(Refusal) {
    guard !id.isEmpty else { return }
    guard let key, key.hasSameBytes(as: id.bytes), holds(key) else { throw .wrongPartition }
  }

  /// Whether `key` is the key of the entity's events; true for an empty id.
  @inline(__always)
  func isKey(_ key: UnsafeRawBufferPointer?, of id: BorrowedText) -> Bool {
    guard let key, !id.isEmpty else { return id.isEmpty }
    return key.hasSameBytes(as: id.bytes)
  }

  /// Whether records with this key belong in the partition.
  @inline(__always)
  func holds(_ key: UnsafeRawBufferPointer) -> Bool {
    count == 1 || Contract.partition(ofKey: key, count: count) == partition
  }
}
