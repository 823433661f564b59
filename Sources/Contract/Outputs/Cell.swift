/// The filters of the page. Empty means all; a workload is only ever set together with its product.
public struct Cell: Message, Sendable {
  public var product = ""
  public var workload = ""
  /// ISO 3166-1 alpha-2.
  public var country = ""

  @inlinable public init() {}

  public init(product: String = "", workload: String = "", country: String = "") {
    self.product = product
    self.workload = workload
    self.country = country
  }

  // Ids are equal if their bytes are.
  public static func == (left: Cell, right: Cell) -> Bool {
    left.product.hasSameUTF8(as: right.product) && left.workload.hasSameUTF8(as: right.workload)
      && left.country.hasSameUTF8(as: right.country)
  }

  public func hash(into hasher: inout Hasher) {
    for text in [product, workload, country] { hasher.combine(ExactText(text)) }
  }

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "product", &product)
    try visitor.field(2, "workload", &workload)
    try visitor.field(3, "country", &country)
  }
}
