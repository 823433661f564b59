import Contract
import Dashboard
import Randomness
import Testing

@Suite struct ValueFormatTests {
  private let dollars = NumberFormat(.english, currency: "USD")

  private func format(_ kind: IndicatorKind, _ values: [Double] = [], currency: String = "USD") -> ValueFormat
  {
    ValueFormat(NumberFormat(.english, currency: currency), kind, distinguishing: values)
  }

  @Test func eachKindHasItsForm() {
    #expect(format(.netNewRevenue).text(12_345.67) == "$12,346")
    #expect(format(.customersAdded).text(1234) == "1,234")
    #expect(format(.monthlyActiveUsers).text(2) == "2.0")
    #expect(format(.mauPerAssignedSeat).text(0.5) == "0.50")
    #expect(format(.mauPerAssignedSeat).text(0.0417) == "0.042")
    #expect(format(.mauPerAssignedSeat).text(0.00123) == "0.0012")
  }

  @Test func aSmallAmountHasItsFraction() {
    #expect(format(.netNewRevenue).text(12.5) == "$12.50")
    #expect(format(.netNewRevenue).text(12) == "$12")
    #expect(format(.netNewRevenue, currency: "KWD").text(1.234) == "KWD\u{a0}1.234")
    #expect(format(.netNewRevenue, currency: "JPY").text(12.5) == "¥13")
  }

  @Test func valuesThatDifferLookDifferent() {
    let amounts = format(.netNewRevenue, [10_000, 10_000.01, 5])
    #expect(amounts.text(10_000) == "$10,000.00")
    #expect(amounts.text(10_000.01) == "$10,000.01")
    let ratios = format(.mauPerAssignedSeat, [0.5, 0.5001])
    #expect(ratios.text(0.5) == "0.5000")
    #expect(ratios.text(0.5001) == "0.5001")
    let ends = format(.customersAdded, [12_345, 12_346])
    #expect(ends.short(12_345) == "12.345K")
    #expect(ends.short(12_346) == "12.346K")
  }

  @Test func whateverTheyAre() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    for _ in 0..<300 {
      let kind = IndicatorKind.allCases.randomElement(using: &random) ?? .netNewRevenue
      let unit =
        kind == .netNewRevenue
        ? 100.0 : kind == .mauPerAssignedSeat ? 5000 : kind == .monthlyActiveUsers ? 12 : 1
      let top = [10, 1000, 1_000_000, 1_000_000_000].randomElement(using: &random) ?? 10
      let values = (0..<12).map { _ in Double(Int.random(in: -top...top, using: &random)) / unit }
      let format = format(kind, values)
      let distinct = Set(values)
      #expect(Set(distinct.map(format.text)).count == distinct.count, "\(kind) \(values), seed \(seed)")
      #expect(Set(distinct.map(format.short)).count == distinct.count, "\(kind) \(values), seed \(seed)")
    }
  }

  @Test func aChangeHasItsSignAndIsNeverNothing() {
    #expect(format(.netNewRevenue).change(5700) == "+$5,700")
    #expect(format(.netNewRevenue).change(-0.25) == "\u{2212}$0.25")
    #expect(format(.netNewRevenue).change(0.004) == "+$0.004")
    #expect(format(.monthlyActiveUsers).change(-0.01) == "\u{2212}0.01")
    #expect(format(.customersAdded).change(-3) == "\u{2212}3")
  }
}
