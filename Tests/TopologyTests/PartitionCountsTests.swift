import Contract
import EventLog
import Testing
import Topology

@Suite("Partition counts") struct PartitionCountsTests {
  @Test func inputsThatAreNotCoPartitionedAreRefused() {
    var counts: [Topic: Int32] = [:]
    for topic in Topic.allCases { counts[topic] = 4 }
    #expect(throws: Never.self) { try PartitionCounts(counts) }
    counts[.partnerPartials] = 7
    #expect(throws: Never.self) { try PartitionCounts(counts) }
    counts[.examPasses] = 5
    #expect {
      try PartitionCounts(counts)
    } throws: {
      ($0 as? LogError)?.message.contains("exam-passes has 5 partitions") == true
    }
  }
}
