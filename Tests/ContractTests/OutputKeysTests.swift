import Contract
import Testing

@Suite struct OutputKeysTests {
  let cell = Cell(product: "sales", workload: "pipeline", country: "FR")

  @Test func nameTheCellInTheOrderOfTheFilters() {
    var snapshot = IndicatorSnapshot()
    snapshot.partnerID = "p-1"
    snapshot.month = "2026-11"
    #expect(snapshot.key == "p-1||||2026-11")
    snapshot.cell = cell
    #expect(snapshot.key == "p-1|sales|pipeline|FR|2026-11")

    var scale = IndicatorScale()
    scale.cell = cell
    scale.month = "2026-11"
    #expect(scale.key == "sales|pipeline|FR|2026-11")

    #expect(cell.key == "sales|pipeline|FR")
  }

  @Test(arguments: ["p-1", "p|1", "|"])
  func partialsAreKeyedBySourceAndPartnerWhateverTheirIDHolds(partnerID: String) {
    let key = PartialKey.contribution(source: 3, partnerID: partnerID, cell: cell)
    #expect(key.text == "3|\(partnerID)|sales|pipeline|FR")
    let text = Array(key.text.utf8)
    #expect(text.withUnsafeBytes { PartialKey(contribution: $0) } == key)
  }

  @Test(arguments: ["eligible|p-1", "clock|3", "", "3", "x|p|||", "3||||"])
  func otherKeysOfPartialsAreNoContributions(text: String) {
    #expect(Array(text.utf8).withUnsafeBytes { PartialKey(contribution: $0) } == nil)
  }

  @Test func everyInputHasItsOwnTopicAndKey() {
    var action = UsageAction<String>()
    action.customerID = "c"
    action.userID = "u"
    #expect(action.key == "c")
    var pass = ExamPass<String>()
    pass.personID = "p"
    #expect(pass.key == "p")
    let topics = [
      UsageAction<String>.topic, LicenseAssignment<String>.topic, Subscription<String>.topic,
      BillingLine<String>.topic, Instance<String>.topic, Customer<String>.topic, ExamPass<String>.topic,
      Affiliation<String>.topic, Partner<String>.topic,
    ]
    #expect(topics == Topic.inputs)
  }

  @Test func indicatorsAreFoundByName() {
    for kind in IndicatorKind.allCases { #expect(IndicatorKind(name: kind.name) == kind) }
    #expect(IndicatorKind(name: "no_such") == nil)
    var snapshot = IndicatorSnapshot()
    for kind in IndicatorKind.allCases {
      snapshot[kind] = Indicator(value: Double(kind.rawValue), previous: nil, trend: .up, bar: 1)
    }
    #expect(IndicatorKind.allCases.map { snapshot[$0]?.value } == [0, 1, 2, 3, 4, 5, 6])
    #expect(snapshot[.mauPerAssignedSeat]?.value == 6)
  }
}
