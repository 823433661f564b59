/// Writes numbers in a language, as in the Unicode CLDR: English 1,234.5 and $1,234; French 1 234,5 with a narrow no-break space,
/// and 1 234 $US with a no-break space before the currency.
package struct NumberFormat: Sendable {
  let language: Language
  /// ISO 4217.
  let currency: String

  package init(_ language: Language, currency: String) {
    self.language = language
    self.currency = currency
  }

  /// A number with up to so many decimals, or exactly so many. Ties round away from zero.
  package func decimal(_ value: Double, digits: Int, exactly: Bool = false) -> String {
    let (sign, text) = unsigned(value, digits: digits, exactly: exactly)
    return sign + text
  }

  /// An amount in the reporting currency, with so many decimals.
  package func money(_ value: Double, digits: Int = 0) -> String {
    let (sign, amount) = unsigned(value, digits: digits, exactly: true)
    return money(sign, amount)
  }

  /// A number with so many significant digits and a suffix for thousands, millions and so on: "12.3M", "12,3 M".
  package func compact(_ value: Double, significantDigits: Int) -> String {
    let (sign, text) = compactParts(value, significantDigits)
    return sign + text
  }

  /// An amount in that form: "$12.3M", "12,3 M$US" with a no-break space before the sign.
  package func compactMoney(_ value: Double, significantDigits: Int) -> String {
    let (sign, text) = compactParts(value, significantDigits)
    return money(sign, text)
  }

  /// "+12%", "+12 %"; nil if the base is not positive. A change is never written as 0%.
  package func percent(_ change: Double, of base: Double) -> String? {
    let percent = change / base * 100
    guard base > 0, percent.isFinite else { return nil }
    let sign = change < 0 ? "\u{2212}" : "+"
    let end = language("%", "\u{202f}%")
    if percent.magnitude < 0.05, change != 0 { return language("<0.1", "<\u{202f}0,1") + end }
    if percent.magnitude >= 10_000 { return sign + compact(percent.magnitude, significantDigits: 2) + end }
    return sign + decimal(percent.magnitude, digits: percent.magnitude < 9.95 ? 1 : 0) + end
  }

  /// A share of a whole, without a sign.
  package func share(_ share: Double) -> String {
    let percent = share * 100
    return decimal(percent, digits: percent.magnitude < 9.95 ? 1 : 0) + language("%", "\u{202f}%")
  }

  /// Decimals of an amount in the currency (ISO 4217).
  package var currencyDigits: Int { Self.digits[currency] ?? 2 }

  private static let digits: [String: Int] = {
    let none = [
      "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
      "XOF", "XPF",
    ]
    let three = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
    let four = ["CLF", "UYW"]
    return Dictionary(
      uniqueKeysWithValues: none.map { ($0, 0) } + three.map { ($0, 3) } + four.map { ($0, 4) })
  }()

  private func compactParts(_ value: Double, _ significantDigits: Int) -> (sign: String, text: String) {
    let words = [
      "", language("K", "\u{a0}k"), language("M", "\u{a0}M"), language("B", "\u{a0}Md"),
      language("T", "\u{a0}Bn"),
    ]
    var (scaled, word) = (value.magnitude, 0)
    func digits(_ scaled: Double) -> Int {
      max(0, significantDigits - (scaled < 9.995 ? 1 : scaled < 99.95 ? 2 : 3))
    }
    func rounded(_ scaled: Double) -> Double {
      var scale = 1.0
      for _ in 0..<digits(scaled) { scale *= 10 }
      return (scaled * scale).rounded() / scale
    }
    while rounded(scaled) >= 1000, word < words.count - 1 { (scaled, word) = (scaled / 1000, word + 1) }
    let (_, text) = unsigned(scaled, digits: digits(scaled), exactly: false)
    let isZero = rounded(scaled) == 0
    return (value < 0 && !isZero ? "\u{2212}" : "", text + words[word])
  }

  private func money(_ sign: String, _ amount: String) -> String {
    switch language {
    case .english:
      let symbol = ["USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CAD": "CA$", "AUD": "A$"][currency]
      return sign + (symbol ?? "\(currency)\u{a0}") + amount
    case .french:
      let symbol = ["USD": "$US", "EUR": "€", "GBP": "£GB", "CAD": "$CA", "AUD": "$AU"][currency]
      return sign + amount + "\u{a0}" + (symbol ?? currency)
    }
  }

  private func unsigned(_ value: Double, digits: Int, exactly: Bool) -> (sign: String, text: String) {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (value.magnitude * scale).rounded()
    // Greater values are written as Swift does: they have no decimals, and do not fit into the integer.
    guard scaled < 0x1p63 else {
      return (value < 0 ? "\u{2212}" : "", value.isFinite ? "\(value.magnitude)" : "–")
    }
    let (whole, fraction) = UInt64(scaled).quotientAndRemainder(dividingBy: UInt64(scale))
    var fractionText = digits == 0 ? "" : String(fraction)
    fractionText = String(repeating: "0", count: digits - fractionText.count) + fractionText
    if !exactly { while fractionText.hasSuffix("0") { fractionText.removeLast() } }
    let point = fractionText.isEmpty ? "" : language(".", ",")
    return (value < 0 && scaled > 0 ? "\u{2212}" : "", grouped(whole) + point + fractionText)
  }

  private func grouped(_ whole: UInt64) -> String {
    let digits = Array(String(whole))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += language(",", "\u{202f}") }
      text.append(digit)
    }
    return text
  }
}
