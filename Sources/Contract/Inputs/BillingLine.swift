/// One revision of a billing line; only the highest revision of a line counts.
public struct BillingLine<Text: MessageText>: InputMessage {
  public var customerID = Text()
  public var subscriptionID = Text()
  /// Unique within the customer.
  public var lineID = Text()
  public var revision: Int64 = 0
  public var licenseProgram = LicenseProgram.unspecified
  /// In millionths of the currency; negative for a credit.
  public var amountMicros: Int64 = 0
  /// ISO 4217.
  public var currency = Text()
  public var billedAt: Timestamp?
  /// Required for an enterprise agreement.
  public var contractStart: Timestamp?
  /// Sold outside the cloud: never counts.
  public var offCloud = false
  public var voided = false

  @inlinable public init() {}

  public typealias Owned = BillingLine<String>
  public static var topic: Topic { .billingLines }
  @inlinable public var key: Text { customerID }

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "customer_id", &customerID)
    try visitor.field(2, "subscription_id", &subscriptionID)
    try visitor.field(3, "line_id", &lineID)
    try visitor.field(4, "revision", &revision)
    try visitor.field(5, "license_program", &licenseProgram)
    try visitor.field(6, "amount_micros", &amountMicros)
    try visitor.field(7, "currency", &currency)
    try visitor.field(8, "billed_at", &billedAt)
    try visitor.field(9, "contract_start", &contractStart)
    try visitor.field(10, "off_cloud", &offCloud)
    try visitor.field(11, "voided", &voided)
  }
}

extension BillingLine: Sendable where Text: Sendable {}

/// `BillingLine` over a record's bytes.
public typealias BillingLineView = BillingLine<BorrowedText>
