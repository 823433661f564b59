import Contract

/// Where the records of a task's entities lie: in its partition of the inputs, under the entity's id as key. An event that lies
/// elsewhere would be counted apart from the rest of its entity, so it is refused.
package struct Placement: Sendable {
  package let partition: Int32
  /// Partitions of each input.
  package let count: Int32

  package init(_ partition: Int32, of count: Int32) {
    self.partition = partition
    self.count = count
  }

  /// Throws if an event of the entity `id` does not belong under this key in this partition. One without an id is refused for
  /// that. O(bytes of the key).
  @inline(__always)
  func check(_ id: BorrowedText, key: UnsafeRawBufferPointer?) throws(Refusal) {
    guard !id.isEmpty else { return }
    guard let key, key.hasSameBytes(as: id.bytes), holds(key) else { throw .wrongPartition }
  }

  /// Whether `key` is what events of the entity `id` have as their key; of none it may be any.
  @inline(__always)
  func isKey(_ key: UnsafeRawBufferPointer?, of id: BorrowedText) -> Bool {
    guard let key, !id.isEmpty else { return id.isEmpty }
    return key.hasSameBytes(as: id.bytes)
  }

  /// Whether records with this key belong into the partition.
  @inline(__always)
  func holds(_ key: UnsafeRawBufferPointer) -> Bool {
    count == 1 || Contract.partition(ofKey: key, count: count) == partition
  }
}
