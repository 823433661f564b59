/// Numbers in the form of a language, after the Unicode CLDR: English 1,234.5 and $1,234; French 1 234,5 with a narrow
/// no-break space, and 1 234 $US with a no-break space before the currency.
package struct NumberFormat: Sendable {
  let language: Language
  /// ISO 4217.
  let currency: String

  package init(_ language: Language, currency: String) {
    self.language = language
    self.currency = currency
  }

  /// With up to so many digits behind the point, or exactly so many. Ties go away from zero.
  package func decimal(_ value: Double, digits: Int, exactly: Bool = false) -> String {
    let (sign, text) = unsigned(value, digits: digits, exactly: exactly)
    return sign + text
  }

  /// An amount in the reporting currency, in whole units or with so many digits behind the point.
  package func money(_ value: Double, digits: Int = 0) -> String {
    let (sign, amount) = unsigned(value, digits: digits, exactly: true)
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
    // Beyond, doubles have no digits behind the point, and near the end of Int64 none to show in full.
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
