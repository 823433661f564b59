import Contract
import Dashboard
import Testing

@Suite struct FormatTests {
  private let english = NumberFormat(.english, currency: "USD")
  private let french = NumberFormat(.french, currency: "USD")

  @Test(arguments: [
    (0.0, "0", "0"), (-0.0, "0", "0"), (999, "999", "999"), (1000, "1,000", "1\u{202f}000"),
    (1_234_567, "1,234,567", "1\u{202f}234\u{202f}567"), (-1234.5, "\u{2212}1,235", "\u{2212}1\u{202f}235"),
    (-0.4, "0", "0"), (.nan, "–", "–"), (.infinity, "–", "–"),
    (0x1p70, "1.1805916207174113e+21", "1.1805916207174113e+21"),
  ])
  func wholeNumbers(value: Double, inEnglish: String, inFrench: String) {
    #expect(english.decimal(value, digits: 0) == inEnglish)
    #expect(french.decimal(value, digits: 0) == inFrench)
  }

  @Test(arguments: [
    (0.125, 2, true, "0.13", "0,13"), (0.1, 2, true, "0.10", "0,10"), (0.1, 2, false, "0.1", "0,1"),
    (3, 2, false, "3", "3"), (1999.96, 1, true, "2,000.0", "2\u{202f}000,0"),
    (0.004, 3, true, "0.004", "0,004"),
    (-1.05, 1, true, "\u{2212}1.1", "\u{2212}1,1"), (-0.04, 1, true, "0.0", "0,0"),
  ])
  func fractions(value: Double, digits: Int, exactly: Bool, inEnglish: String, inFrench: String) {
    #expect(english.decimal(value, digits: digits, exactly: exactly) == inEnglish)
    #expect(french.decimal(value, digits: digits, exactly: exactly) == inFrench)
  }

  @Test(arguments: [
    ("USD", "$2,131,450", "2\u{202f}131\u{202f}450\u{a0}$US"),
    ("EUR", "€2,131,450", "2\u{202f}131\u{202f}450\u{a0}€"),
    ("CHF", "CHF\u{a0}2,131,450", "2\u{202f}131\u{202f}450\u{a0}CHF"),
  ])
  func money(currency: String, inEnglish: String, inFrench: String) {
    #expect(NumberFormat(.english, currency: currency).money(2_131_450.4) == inEnglish)
    #expect(NumberFormat(.french, currency: currency).money(2_131_450.4) == inFrench)
    #expect(
      NumberFormat(.english, currency: currency).money(-7) == "\u{2212}"
        + inEnglish.replacing("2,131,450", with: "7"))
  }

  @Test(arguments: [
    ("JPY", "¥1,234", 0), ("KWD", "KWD\u{a0}1,234.000", 3), ("USD", "$1,234.00", 2),
    ("XAF", "XAF\u{a0}1,234", 0),
  ])
  func currenciesHaveTheirDigits(currency: String, text: String, digits: Int) {
    let numbers = NumberFormat(.english, currency: currency)
    #expect(numbers.currencyDigits == digits)
    #expect(numbers.money(1234, digits: numbers.currencyDigits) == text)
  }

  @Test(arguments: [
    (999.0, "999", "999"), (1000, "1K", "1\u{a0}k"), (12_345, "12.3K", "12,3\u{a0}k"),
    (999_499, "999K", "999\u{a0}k"),
    (999_500, "1M", "1\u{a0}M"), (-1_234_567, "\u{2212}1.23M", "\u{2212}1,23\u{a0}M"),
    (4e9, "4B", "4\u{a0}Md"),
    (9_223_372_036_854, "9.22T", "9,22\u{a0}Bn"), (9.2e18, "9,200,000T", "9\u{202f}200\u{202f}000\u{a0}Bn"),
    (0.0421, "0.04", "0,04"), (-0.001, "0", "0"), (.nan, "–", "–"),
  ])
  func compact(value: Double, inEnglish: String, inFrench: String) {
    #expect(english.compact(value, significantDigits: 3) == inEnglish)
    #expect(french.compact(value, significantDigits: 3) == inFrench)
  }

  @Test func compactMoney() {
    #expect(english.compactMoney(-1_234_567, significantDigits: 3) == "\u{2212}$1.23M")
    #expect(french.compactMoney(1_234_567, significantDigits: 3) == "1,23\u{a0}M\u{a0}$US")
  }

  @Test(arguments: [
    (50.0, 100.0, "+50%", "+50\u{202f}%"), (-33.3, 100, "\u{2212}33%", "\u{2212}33\u{202f}%"),
    (1, 300, "+0.3%", "+0,3\u{202f}%"),
    (0.0001, 100, "<0.1%", "<\u{202f}0,1\u{202f}%"), (99.4, 1000, "+9.9%", "+9,9\u{202f}%"),
    (99.6, 1000, "+10%", "+10\u{202f}%"),
    (1e6, 10, "+10M%", "+10\u{a0}M\u{202f}%"),
  ])
  func percent(change: Double, base: Double, inEnglish: String, inFrench: String) {
    #expect(english.percent(change, of: base) == inEnglish)
    #expect(french.percent(change, of: base) == inFrench)
  }

  @Test(arguments: [0.0, -5]) func ofNothingThereIsNoPercent(base: Double) {
    #expect(english.percent(1, of: base) == nil)
  }

  @Test func months() {
    #expect(DateFormat(.english).month("2026-11") == "November 2026")
    #expect(DateFormat(.french).month("2026-08") == "août 2026")
    #expect(DateFormat(.english).shortMonth("2026-09") == "Sep 2026")
    #expect(DateFormat(.french).shortMonth("2027-02") == "févr. 2027")
    for text in ["", "2026-13", "2026-00", "26-1", "2026-1x", "<b>"] {
      #expect(DateFormat(.french).month(text) == text)
    }
  }

  @Test(arguments: [
    (1_795_539_720, "24 November 2026, 17:02\u{a0}UTC", "24 novembre 2026, 17:02\u{a0}UTC"),
    (0, "1 January 1970, 00:00\u{a0}UTC", "1er janvier 1970, 00:00\u{a0}UTC"),
    (-1, "31 December 1969, 23:59\u{a0}UTC", "31 décembre 1969, 23:59\u{a0}UTC"), (.max, "–", "–"),
  ])
  func instants(seconds: Int64, inEnglish: String, inFrench: String) {
    #expect(DateFormat(.english).instant(Timestamp(seconds: seconds)) == inEnglish)
    #expect(DateFormat(.french).instant(Timestamp(seconds: seconds)) == inFrench)
  }
}
