/// The format of numbers in a file.
struct NumberFormat {
  /// The decimal separator.
  var decimal: Character = "."
  /// The separator between groups of three digits; a space also accepts no-break spaces.
  var thousands: Character?
  /// Texts, such as currency symbols, that may come before or after a number.
  var symbols: [String] = []

  private static let spaces: Set<Character> = [" ", "\u{a0}", "\u{202f}", "\u{2009}"]

  /// `text` in units of 10^-places. "-5", "5-" and "(5)" are negative. Fails if it is not a number, does not fit into 64 bits, or
  /// has more decimals than `places`; with `rounds` these are rounded instead, half away from zero.
  func value(_ text: String, places: Int, rounds: Bool) -> Result<Int64, NumberFault> {
    var rest = text[...]
    var isNegative = false
    if rest.hasPrefix("("), rest.hasSuffix(")") {
      isNegative = true
      rest = rest.dropFirst().dropLast()
    }
    func trim() {
      while let first = rest.first, Self.spaces.contains(first) { rest.removeFirst() }
      while let last = rest.last, Self.spaces.contains(last) { rest.removeLast() }
    }
    func takeSign() {
      for sign in ["-", "\u{2212}", "+"] as [Character] {
        if rest.first == sign {
          rest.removeFirst()
        } else if rest.last == sign {
          rest.removeLast()
        } else {
          continue
        }
        if sign != "+" { isNegative.toggle() }
        return
      }
    }
    trim()
    takeSign()
    trim()
    if let symbol = symbols.first(where: { rest.hasPrefix($0) || rest.hasSuffix($0) }) {
      if rest.hasPrefix(symbol) {
        rest = rest.dropFirst(symbol.count)
      } else {
        rest = rest.dropLast(symbol.count)
      }
      trim()
      takeSign()
      trim()
    }
    return magnitude(rest, places: places, rounds: rounds).map { isNegative ? -$0 : $0 }
  }

  private func magnitude(_ text: Substring, places: Int, rounds: Bool) -> Result<Int64, NumberFault> {
    let parts = text.split(separator: decimal, maxSplits: 1, omittingEmptySubsequences: false)
    let decimals = parts.count > 1 ? parts[1] : ""
    guard let whole = digits(ofWhole: parts[0]), decimals.allSatisfy(Self.isDigit),
      !(whole.isEmpty && decimals.isEmpty)
    else { return .failure(.notANumber) }
    let kept = decimals.prefix(places)
    let dropped = decimals.dropFirst(places)
    guard rounds || dropped.allSatisfy({ $0 == "0" }) else { return .failure(.tooManyDecimals(places)) }
    let padded = whole + kept + String(repeating: "0", count: places - kept.count)
    guard var value = Int64(padded.isEmpty ? "0" : padded) else { return .failure(.tooLarge) }
    if let first = dropped.first, first >= "5" {
      let (sum, overflow) = value.addingReportingOverflow(1)
      if overflow { return .failure(.tooLarge) }
      value = sum
    }
    return .success(value)
  }

  /// The digits without separators; nil if there are other characters, or groups that do not have three digits.
  private func digits(ofWhole text: Substring) -> String? {
    guard let thousands else { return text.allSatisfy(Self.isDigit) ? String(text) : nil }
    let groups = text.split(omittingEmptySubsequences: false) { character in
      character == thousands || Self.spaces.contains(thousands) && Self.spaces.contains(character)
    }
    guard groups.allSatisfy({ $0.allSatisfy(Self.isDigit) }) else { return nil }
    if groups.count > 1 {
      guard (1...3).contains(groups[0].count), groups.dropFirst().allSatisfy({ $0.count == 3 }) else {
        return nil
      }
    }
    return groups.joined()
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
}

enum NumberFault: Error {
  case notANumber
  case tooManyDecimals(Int)
  case tooLarge
}
