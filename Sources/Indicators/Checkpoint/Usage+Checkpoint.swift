import Contract

extension EntityState {
  func writePlace(_ number: Int, to writer: inout StateWriter) {
    let place = usage.places[number]
    writer.write(place.identity)
    writer.write(place.subscription)
    writer.write(place.workload)
  }

  func readPlace(from reader: inout StateReader) throws(DamagedState) {
    let identity = try reader.readIdentity()
    let subscription: Int32 = try reader.readIndex(below: subscriptions.count)
    let workload: Int16 = try reader.readIndex(below: catalog.workloadIndex.count)
    let place = usage.addPlace(
      UsageTable.Place(identity, subscription: subscription, workload: workload))
    subscriptions[Int(subscription)].places.append(place)
  }

  func writeUsage(_ number: UInt32, to writer: inout StateWriter) {
    writer.write(usage.user(of: number))
    writer.write(usage.entry(number).place)
    writer.write(usage.entry(number).months)
  }

  func readUsage(from reader: inout StateReader) throws(DamagedState) {
    let user = try reader.readIdentity()
    let place: UInt32 = try reader.readIndex(below: usage.places.count)
    usage.addEntry(try reader.read(), of: user, in: place)
  }
}
