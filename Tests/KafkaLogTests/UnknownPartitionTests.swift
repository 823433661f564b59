import Contract
import EventLog
import KafkaLog
import Platform
import Testing

/// librdkafka does not know a partition that has no leader.
@Suite(.timeLimit(.minutes(10)))
struct UnknownPartitionTests {
  private let cluster: MockCluster
  private let log: KafkaLog
  private let topic = Topic.usageActions

  init() throws {
    cluster = try MockCluster([topic.name], partitions: 2)
    log = try KafkaLog(
      bootstrapServers: cluster.address, properties: [], topicPrefix: "", log: { _ in }, warn: { _ in })
  }

  // Holds REL-54.
  @Test func aPartitionWithoutALeaderIsWaitedFor() throws {
    cluster.setHasLeader(false, topic.name, 1)
    let start = ContinuousClock.now
    let restart = Worker { [cluster, topic] in
      Clock.sleep(milliseconds: 1500)
      cluster.setHasLeader(true, topic.name, 1)
    }
    let partitions = [TopicPartition(topic, 0), TopicPartition(topic, 1)]
    #expect(try log.ends(partitions) == [partitions[0]: 0, partitions[1]: 0])
    #expect(ContinuousClock.now - start > .seconds(1))
    try restart.join()
  }

  @Test func aPartitionThatDoesNotExistIsRefusedAtOnce() throws {
    let start = ContinuousClock.now
    let error = #expect(throws: LogError.self) { try log.ends([TopicPartition(topic, 2)]) }
    #expect(error?.kind == .unusable)
    #expect(error?.message.hasSuffix("partition usage-actions-2 does not exist") == true)
    #expect(ContinuousClock.now - start < .seconds(10))
  }
}
