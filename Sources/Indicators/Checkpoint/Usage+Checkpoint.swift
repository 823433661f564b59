import Contract

extension EntityState {
  func writeUsage(to writer: inout StateWriter) {
    writer.write(UInt64(usage.places.count))
    for number in 0..<usage.places.count {
      let place = usage.places[number]
      writer.write(place.identity)
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
      let subscription: Int32 = try reader.readIndex(below: subscriptions.count)
      let workload: Int16 = try reader.readIndex(below: catalog.workloadIndex.count)
      let place = usage.addPlace(
        UsageTable.Place(identity, subscription: subscription, workload: workload))
      subscriptions[Int(subscription)].places.append(place)
    }
    for _ in 0..<(try reader.readCount()) {
      let user = try reader.readIdentity()
      let place: UInt32 = try reader.readIndex(below: usage.places.count)
      usage.addEntry(try reader.read(), of: user, in: place)
    }
  }
}
