/// Readable names of what people do in a workload.
struct ActionNames {
  private static let known: [(workload: String, subjects: [String])] = [
    ("sales", ["opportunity", "lead", "quote", "forecast", "account"]),
    ("customer-service", ["case", "knowledge-article", "queue-item", "entitlement"]),
    ("field-service", ["work-order", "booking", "inspection", "asset"]),
    ("customer-insights", ["segment", "journey", "profile", "measure"]),
    ("customer-engagement", ["opportunity", "case", "account", "contact"]),
    ("finance", ["journal", "ledger", "vendor-invoice", "budget"]),
    ("supply-chain-management", ["purchase-order", "shipment", "inventory", "batch"]),
    ("commerce", ["order", "catalog", "price-list", "store"]),
    ("human-resources", ["leave-request", "worker", "position", "benefit"]),
    ("project-operations", ["project", "time-entry", "expense", "resource"]),
    ("finance-operations", ["journal", "purchase-order", "vendor-invoice", "inventory"]),
    ("essentials", ["sales-invoice", "item", "customer-card", "bank-entry"]),
    ("premium", ["production-order", "service-item", "sales-invoice", "item"]),
  ]
  private static let verbs = ["update", "create", "view", "approve", "export"]

  /// Such as "opportunity.update".
  static func of(_ workload: String) -> [String] {
    let subjects = known.first { $0.workload == workload }?.subjects ?? ["record", "report"]
    return subjects.flatMap { subject in verbs.map { "\(subject).\($0)" } }
  }

  /// Actions without anybody's intention.
  static let unintentional = ["session.refresh", "background.sync", "scheduled.job"]
}
