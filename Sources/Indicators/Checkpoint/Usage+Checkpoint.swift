import Contract

extension EntityState {
  func writeUsage(to writer: inout StateWriter) {
    writer.write(UInt64(usage.places.count))
    for number in 0..<usage.places.count {
      let place = usage.places[number]
      let name = usage.name(of: place)
      writer.write(place.identity)
      writer.write(Array(name.subscriptionID))
      writer.write(Array(name.workload))
      writer.write(place.subscription)
      writer.write(place.workload)
    }
    writer.write(UInt64(usage.count))
    usage.forEach { user, place, months in
      writer.write(user)
      writer.write(place)
      writer.write(months)
    }
  }

  func readUsage(from reader: inout StateReader) throws(DamagedState) {
    for _ in 0..<(try reader.readCount()) {
      let identity = try reader.readIdentity()
      let (subscriptionID, workloadID) = (try reader.readBytes(), try reader.readBytes())
      let subscription: Int32 = try reader.readIndex(below: subscriptions.count)
      let workload: Int16 = try reader.readIndex(below: catalog.workloadIndex.count)
      let place = subscriptionID.withUnsafeBytes { subscriptionID in
        workloadID.withUnsafeBytes { workloadID in
          usage.addPlace(
            identity, name: UsageTable.PlaceName(subscriptionID: subscriptionID, workload: workloadID),
            subscription: subscription, workload: workload)
        }
      }
      subscriptions[Int(subscription)].places.append(place)
    }
    for _ in 0..<(try reader.readCount()) {
      let user = try reader.readIdentity()
      let place: UInt32 = try reader.readIndex(below: usage.places.count)
      _ = usage.insert(try reader.read(), of: user, in: place)
    }
  }
}
