import CRdKafka
import EventLog

extension KafkaMember {
  /// Makes the group assign its tasks again if some have no owner: leaves the group, which a static member does not do on
  /// shutdown, and joins it again. Does so at most once, so that a slow group is not kept from becoming stable.
  func shareOutOwnerlessTasks() throws(LogError) {
    if let leaving {
      guard !memberID.isEmpty else {
        self.leaving = nil
        return try subscribe()
      }
      guard leaving.hasPassed else { return }
      throw LogError(.fatal, code: RD_KAFKA_RESP_ERR__TIMED_OUT.name, "this member could not leave its group")
    }
    guard let inquiry else { return }
    switch try inquiry.poll(lead: lead, names: names) {
    case .undecided: break
    case .none: self.inquiry = nil
    case .some(let tasks):
      self.inquiry = nil
      consumer.events.log("kafka: tasks \(tasks) have no owner; leaving the group and joining it again")
      leaving = Deadline(in: 30_000)
      // What is assigned is revoked in the next calls of `poll`.
      rd_kafka_unsubscribe(consumer.handle)
    }
  }
}
