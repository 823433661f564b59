import CRdKafka
import KafkaLog
import Testing

@Suite struct GroupMetadataTests {
  /// The library's own serialisation must be understood, or no commit would pass.
  // Holds REL-55.
  @Test(arguments: [
    (Int32(3), "member", true), (0, "m", true), (-1, "member", false), (3, "", false), (-1, "", false),
  ])
  func memberIsRecognised(generation: Int32, member: String, expected: Bool) {
    let metadata = rd_kafka_consumer_group_metadata_new_with_genid("group", generation, member, "instance")
    var bytes: UnsafeMutableRawPointer?
    var count = 0
    #expect(rd_kafka_consumer_group_metadata_write(metadata, &bytes, &count) == nil)
    #expect(GroupMetadata.isOfMember(UnsafeRawBufferPointer(start: bytes, count: count)) == expected)
    for shorter in 0..<13 {
      #expect(!GroupMetadata.isOfMember(UnsafeRawBufferPointer(start: bytes, count: shorter)))
    }
    rd_kafka_mem_free(nil, bytes)
    rd_kafka_consumer_group_metadata_destroy(metadata)
  }
}
