import Contract

extension EventClock {
  func write(to writer: inout StateWriter) {
    writer.write(newest != nil)
    writer.write(newest?.seconds ?? 0)
    writer.write(newest?.nanos ?? 0)
  }

  init(from reader: inout StateReader) throws(DamagedState) {
    self.init()
    let isSet = try reader.readBool()
    let time = Timestamp(seconds: try reader.read(), nanos: try reader.read())
    guard isSet else { return }
    guard time.isValid else { throw DamagedState() }
    _ = advance(to: time)
  }
}
