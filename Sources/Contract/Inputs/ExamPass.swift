/// An exam that a person passed; only the highest revision for a person and exam counts.
public struct ExamPass<Text: MessageText>: InputMessage {
  public var personID = Text()
  public var exam = Text()
  public var passedAt: Timestamp?
  /// Nil if the pass does not expire.
  public var expiresAt: Timestamp?
  public var revoked = false
  public var revision: Int64 = 0

  @inlinable public init() {}

  public typealias Owned = ExamPass<String>
  public static var topic: Topic { .examPasses }
  @inlinable public var key: Text { personID }

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "person_id", &personID)
    try visitor.field(2, "exam", &exam)
    try visitor.field(3, "passed_at", &passedAt)
    try visitor.field(4, "expires_at", &expiresAt)
    try visitor.field(5, "revoked", &revoked)
    try visitor.field(6, "revision", &revision)
  }
}

extension ExamPass: Sendable where Text: Sendable {}

/// `ExamPass` over a record's bytes.
public typealias ExamPassView = ExamPass<BorrowedText>
