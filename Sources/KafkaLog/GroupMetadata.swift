import CRdKafka
import EventLog

/// A consumer's membership at one moment, by which a transaction fences former owners (KIP-447).
package final class GroupMetadata {
  let handle: OpaquePointer

  init?(of consumer: Client) {
    guard let handle = rd_kafka_consumer_group_metadata(consumer.handle) else { return nil }
    self.handle = handle
  }

  deinit {
    rd_kafka_consumer_group_metadata_destroy(handle)
  }

  /// Throws an `unusable` error if this version of librdkafka serializes group metadata in a format that `isOfMember`
  /// cannot read, since then a commit that no broker would fence could not be recognized.
  package static func checkForm() throws(LogError) {
    func form(_ generation: Int32, _ member: String) -> [UInt8] {
      guard let handle = rd_kafka_consumer_group_metadata_new_with_genid("group", generation, member, nil)
      else { return [] }
      defer { rd_kafka_consumer_group_metadata_destroy(handle) }
      return serialized(handle) ?? []
    }
    let isKnown =
      form(7, "member").withUnsafeBytes(isOfMember) && !form(-1, "member").withUnsafeBytes(isOfMember)
      && !form(7, "").withUnsafeBytes(isOfMember)
    guard isKnown else {
      throw LogError(
        .unusable, code: "_NOT_IMPLEMENTED",
        "librdkafka \(String(cString: rd_kafka_version_str())) has a group metadata format that this program does not support"
      )
    }
  }

  private static func serialized(_ handle: OpaquePointer) -> [UInt8]? {
    var bytes: UnsafeMutableRawPointer?
    var count = 0
    guard KafkaFailure(rd_kafka_consumer_group_metadata_write(handle, &bytes, &count)) == nil, let bytes
    else { return nil }
    defer { rd_kafka_mem_free(nil, bytes) }
    return Array(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  /// Whether it names a member and a group generation. For the sake of clients older than KIP-447, brokers accept a
  /// transactional commit without these from anyone, so such a commit must never be sent.
  var isOfMember: Bool {
    // The fields have no accessors; their serialized form is stable from librdkafka 1.6 to 2.16.
    Self.serialized(handle)?.withUnsafeBytes(Self.isOfMember) ?? false
  }

  /// The format is "CGMDv2:", the generation as an Int32 in the machine's byte order, the group id, 0, the member id, 0,
  /// and so on.
  package static func isOfMember(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let magic = Array("CGMDv2:".utf8)
    guard bytes.count > magic.count + 4, bytes.prefix(magic.count).elementsEqual(magic) else { return false }
    let generation = bytes.loadUnaligned(fromByteOffset: magic.count, as: Int32.self)
    guard generation >= 0, let groupEnd = bytes.dropFirst(magic.count + 4).firstIndex(of: 0) else {
      return false
    }
    let member = groupEnd + 1
    return member < bytes.count && bytes[member] != 0
  }
}
