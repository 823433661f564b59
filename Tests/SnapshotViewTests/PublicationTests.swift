import Contract
import SnapshotView
import Testing

@Suite struct PublicationTests {
  @Test(arguments: ["p", "a|b", "|", "a||b|", "été|é"])
  func aTombstoneNamesItsKey(partner: String) throws {
    let snapshot = IndicatorSnapshot(partner, Cell(product: "x", country: "FR"))
    let publication = try withRecord(.indicatorSnapshots, key: snapshot.key, value: nil) {
      try Publication($0)
    }
    guard case .removedSnapshot(let key) = publication else {
      Issue.record("\(String(describing: publication)) is no removal")
      return
    }
    #expect(Array(key.partnerID.utf8) == Array(partner.utf8))
    #expect(key.cell == snapshot.cell)
    #expect(key.month == snapshot.month)
  }

  @Test func aTombstoneOfAScaleNamesItsKey() throws {
    let publication = try withRecord(.indicatorScales, key: "p|w||2026-11", value: nil) {
      try Publication($0)
    }
    guard case .removedScale(let key) = publication else {
      Issue.record("\(String(describing: publication)) is no removal")
      return
    }
    #expect(key.cell == Cell(product: "p", workload: "w"))
    #expect(key.month == "2026-11")
  }

  @Test(arguments: [
    (Topic.indicatorSnapshots, "a|b|c|d"), (.indicatorScales, "a|b|c"), (.indicatorScales, "a|b|c|d|e"),
    (.partners, "p"),
  ])
  func anyOtherKeyIsIgnored(topic: Topic, key: String) throws {
    #expect(try withRecord(topic, key: key, value: nil) { try Publication($0) == nil })
  }

  @Test func damagedBytesAreAnError() {
    #expect(throws: DecodingError.self) {
      try withRecord(.indicatorSnapshots, key: "p||||2026-11", value: [0xff]) { _ = try Publication($0) }
    }
  }
}
