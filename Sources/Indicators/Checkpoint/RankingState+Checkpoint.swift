import Contract

/// A checkpoint holds what the sources said; the rest follows from it when it is read.
extension RankingState {
  public func encode() -> [UInt8] {
    var writer = StateWriter()
    clock.write(to: &writer)
    let enrolled = partners.filter { $0.enrolment != Enrolment() }
    writer.writeAll(enrolled) { writer, partner in
      var partial = PartnerPartial()
      partial.partnerID = partner.id
      partial.eligible = partner.enrolment.messages
      writer.write(partial)
    }
    writer.writeAll(cells) { writer, cell in
      writer.write(cell.cell.product)
      writer.write(cell.cell.workload)
      writer.write(cell.cell.country)
      writer.writeAll(cell.slots) { writer, slot in
        writer.write(partners[Int(slot.partner)].id)
        writer.writeAll(slot.sources) { writer, source in
          writer.write(source.source)
          var partial = PartnerPartial()
          partial.rows = source.rows
          writer.write(partial)
        }
      }
    }
    return writer.bytes
  }

  /// Reads what `encode` wrote. All that follows from it counts as told.
  public convenience init(decoding bytes: UnsafeRawBufferPointer) throws(DamagedState) {
    self.init()
    var reader = StateReader(bytes)
    clock = try EventClock(from: &reader)
    for _ in 0..<(try reader.readCount()) { apply(try reader.readPartial()) }
    for _ in 0..<(try reader.readCount()) {
      let cell = Cell(
        product: try reader.readString(), workload: try reader.readString(), country: try reader.readString())
      for _ in 0..<(try reader.readCount()) {
        let partnerID = try reader.readString()
        for _ in 0..<(try reader.readCount()) {
          let source = try reader.read(UInt32.self)
          var partial = try reader.readPartial()
          partial.source = source
          partial.partnerID = partnerID
          partial.cell = cell
          apply(partial)
        }
      }
    }
    guard reader.isAtEnd else { throw DamagedState() }
    discardChanges()
    guard sumOutOfRange == nil else { throw DamagedState() }
  }

  /// Takes all changes as told.
  public func discardChanges() { drain { _ in } }
}

extension StateWriter {
  fileprivate mutating func write(_ partial: PartnerPartial) {
    var encoded: [UInt8] = []
    partial.encode(into: &encoded)
    write(encoded)
  }
}

extension StateReader {
  fileprivate mutating func readPartial() throws(DamagedState) -> PartnerPartial {
    let encoded = try readBytes()
    guard let partial = try? encoded.withUnsafeBytes({ try PartnerPartial(protobuf: $0) }),
      partial.isWellFormed
    else { throw DamagedState() }
    return partial
  }
}
