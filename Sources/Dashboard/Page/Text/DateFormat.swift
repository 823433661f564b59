import Contract
import Indicators

/// Writes months and instants in a language; instants in UTC.
package struct DateFormat: Sendable {
  let language: Language

  package init(_ language: Language) { self.language = language }

  /// "November 2026"; a text that is not a month is returned unchanged.
  package func month(_ text: String) -> String {
    name(text, language == .english ? Self.english : Self.french)
  }

  /// "Nov 2026", "nov. 2026".
  package func shortMonth(_ text: String) -> String {
    name(text, language == .english ? Self.shortEnglish : Self.shortFrench)
  }

  /// "24 November 2026, 17:02 UTC".
  package func instant(_ time: Timestamp) -> String {
    guard time.isValid else { return "–" }
    return "\(day(time)), \(minute(time))\u{a0}UTC"
  }

  /// "24 November 2026, 17:02:03 UTC".
  package func second(_ time: Timestamp) -> String {
    guard time.isValid else { return "–" }
    let second = Self.twoDigits((time.seconds - Self.days(time) * 86_400) % 60)
    return "\(day(time)), \(minute(time)):\(second)\u{a0}UTC"
  }

  /// "24 November 2026".
  package func day(_ time: Timestamp) -> String {
    guard time.isValid else { return "–" }
    let date = CivilDate(daysSince1970: Self.days(time))
    let day = language == .french && date.day == 1 ? "1er" : String(date.day)
    let months = language == .english ? Self.english : Self.french
    return "\(day) \(months[Int(date.month) - 1]) \(date.year)"
  }

  private func minute(_ time: Timestamp) -> String {
    let minutes = (time.seconds - Self.days(time) * 86_400) / 60
    return "\(Self.twoDigits(minutes / 60)):\(Self.twoDigits(minutes % 60))"
  }

  private static func days(_ time: Timestamp) -> Int64 {
    (time.seconds >= 0 ? time.seconds : time.seconds - 86_399) / 86_400
  }

  private func name(_ text: String, _ months: [String]) -> String {
    Month(text).map { "\(months[$0.monthOfYear - 1]) \($0.year)" } ?? text
  }

  private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static let english = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
  ]
  private static let shortEnglish = english.map { String($0.prefix(3)) }
  private static let french = [
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre",
    "décembre",
  ]
  private static let shortFrench = [
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
  ]
}
