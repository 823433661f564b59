import CRdKafka
import Contract
import EventLog

extension KafkaMember {
  /// Milliseconds to wait for the transactions of others. Whoever gave up its tasks has committed before.
  static let patienceWithOthers: Int32 = 500

  var author: CommitAuthor? {
    let id = memberID
    return id.isEmpty ? nil : CommitAuthor(transactionalID: transactionalID, memberID: id)
  }

  /// Ends the open transactions of the members that committed these positions last and are no longer in the group: until the
  /// brokers do that, after `transaction.timeout.ms`, neither the positions nor what follows in the outputs can be read. A wrong
  /// guess costs a member that is alive its producer, as if it had been fenced by its successor. `ended` has the transactional ids.
  func endForgottenTransactions(about partitions: [TopicPartition], _ ended: inout Set<String>) {
    do throws(LogError) {
      guard let members = try consumer.members(ofGroup: group.name, lead: lead, names: names) else { return }
      let authors = Set(try notes(partitions).values.compactMap { group.author($0) })
      for author in authors.sorted(by: { $0.transactionalID < $1.transactionalID })
      where author.transactionalID != transactionalID
        && !members.contains(where: { $0.id == author.memberID })
      {
        guard ended.insert(author.transactionalID).inserted else { continue }
        consumer.events.log(
          "kafka: \(author.transactionalID) left its group in the middle of a transaction, which is aborted")
        try endTransaction(author.transactionalID)
      }
    } catch {
      // The brokers end it later.
      consumer.events.log("kafka: a transaction that holds up group \(group.name) cannot be ended: \(error)")
    }
  }
}
