import Contract

extension UsageState {
  func writePlace(_ number: Int, to writer: inout StateWriter) {
    let place = table.places[number]
    writer.write(place.identity)
    writer.write(place.subscription)
    writer.write(place.workload)
  }

  mutating func readPlace(
    from reader: inout StateReader, _ catalog: Catalog, _ customers: inout CustomerState
  ) throws(DamagedState) {
    let identity = try reader.readIdentity()
    let subscription: Int32 = try reader.readIndex(below: customers.subscriptions.count)
    let workload: Int16 = try reader.readIndex(below: catalog.workloadIndex.count)
    let place = table.addPlace(
      UsageTable.Place(identity, subscription: subscription, workload: workload))
    customers.addPlace(place, of: subscription)
  }

  func writeUsage(_ number: UInt32, to writer: inout StateWriter) {
    writer.write(table.user(of: number))
    writer.write(table.entry(number).place)
    writer.write(table.entry(number).months)
  }

  mutating func readUsage(from reader: inout StateReader) throws(DamagedState) {
    let user = try reader.readIdentity()
    let place: UInt32 = try reader.readIndex(below: table.places.count)
    table.addEntry(try reader.read(), of: user, in: place)
  }
}
