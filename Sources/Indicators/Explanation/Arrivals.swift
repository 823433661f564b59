import Contract

/// When the newest event arrived that changed something about each subject. Shows whether a fact has arrived or was corrected since
/// a moment. Times are the records' timestamps, in milliseconds since 1970.
struct Arrivals: Sendable {
  /// The timestamp of the record that is being applied.
  var now: Int64?
  private var newest: [Subject: Int64] = [:]

  /// Notes that the record being applied changed a subject.
  mutating func note(_ subject: Subject) {
    guard let now else { return }
    newest[subject] = max(newest[subject] ?? .min, now)
  }

  /// Notes that the record being applied has contents about a subject: new ones (`isAnother`), or ones that are known, whose
  /// earliest record counts.
  mutating func noteFirst(_ subject: Subject, isAnother: Bool) {
    guard let now else { return }
    newest[subject] = isAnother ? now : min(newest[subject] ?? .max, now)
  }

  /// When the newest event arrived that changed one of `subjects`; nil if that was not after `moment`.
  func newest(of subjects: [Subject], after moment: Int64) -> Int64? {
    subjects.compactMap { newest[$0] }.filter { $0 > moment }.max()
  }
}

/// What an event is about.
struct Subject: Hashable, Sendable {
  private let identity: Identity

  private init<Text: MessageText>(_ kind: StaticString, _ texts: [Text], _ month: Month? = nil) {
    var identity = Identity(UnsafeRawBufferPointer(start: kind.utf8Start, count: kind.utf8CodeUnitCount))
    for text in texts { identity = text.withUTF8Bytes { identity.appending($0) } }
    if let month { withUnsafeBytes(of: month.index) { identity = identity.appending($0) } }
    self.identity = identity
  }

  static func subscription<Text: MessageText>(of customer: Text, _ id: Text) -> Self {
    Self("subscription", [customer, id])
  }

  /// All subscriptions of a customer.
  static func subscriptions<Text: MessageText>(of customer: Text) -> Self {
    Self("subscriptions", [customer])
  }

  static func location<Text: MessageText>(of customer: Text) -> Self { Self("location", [customer]) }

  static func line<Text: MessageText>(of customer: Text, _ id: Text) -> Self { Self("line", [customer, id]) }

  static func assignment<Text: MessageText>(of customer: Text, _ subscription: Text, _ user: Text) -> Self {
    Self("assignment", [customer, subscription, user])
  }

  static func instance<Text: MessageText>(of customer: Text, _ subscription: Text, _ id: Text) -> Self {
    Self("instance", [customer, subscription, id])
  }

  static func usage<Text: MessageText>(
    of customer: Text, _ subscription: Text, _ user: Text, _ workload: Text, in month: Month
  ) -> Self {
    Self("usage", [customer, subscription, user, workload], month)
  }

  static func pass<Text: MessageText>(of person: Text, _ exam: Text) -> Self { Self("pass", [person, exam]) }

  static func affiliation<Text: MessageText>(of person: Text) -> Self { Self("affiliation", [person]) }
}

extension Fact {
  /// The subjects whose events state the fact itself.
  var subjects: [Subject] {
    switch kind {
    case .billingLine: [.line(of: owner, name)]
    case .customer: []
    case .seatChange: [.subscription(of: owner, subscription)]
    case .examPass: [.pass(of: owner, name)]
    case .instance: [.instance(of: owner, subscription, name)]
    case .usage: month.map { [.usage(of: owner, subscription, name, workload, in: $0)] } ?? []
    case .assignment: [.assignment(of: owner, subscription, name)]
    }
  }

  /// The subjects whose events decide which partner and which cells the fact counts for.
  var contexts: [Subject] {
    switch kind {
    case .billingLine, .seatChange, .instance, .usage, .assignment:
      [.subscription(of: owner, subscription), .location(of: owner)]
    case .customer: [.subscriptions(of: owner), .location(of: owner)]
    case .examPass: [.affiliation(of: owner)]
    }
  }
}
