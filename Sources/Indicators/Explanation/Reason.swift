/// Why a fact does not count.
package enum Reason: String, Sendable, CaseIterable {
  // The partner.
  /// Another partner was of record, or the person was affiliated with another one.
  case otherPartner = "another_partner"
  case noPartner = "no_partner"
  /// The subscription, or the affiliation, had not begun.
  case notYetKnown = "nothing_known_then"

  // The time.
  /// Before the twelve months.
  case tooOld = "before_the_twelve_months"
  /// After the month.
  case notYet = "not_yet"

  // The fact itself.
  case voided
  case offCloud = "off_cloud"
  case beforeContract = "before_contract_start"
  case beyondFirstContractYear = "beyond_first_contract_year"
  case zeroAmount = "zero_amount"
  case unintentional
  case notDeployed = "not_deployed"
  case notProduction = "not_production"
  case notAssigned = "not_assigned"
  case revoked
  case expired
  /// The person has passed no exam at all.
  case noExam = "no_exam"
  /// The step changes no paid seats.
  case noSeatChange = "no_change_of_paid_seats"

  // Its subscription.
  case notPaid = "not_paid"
  case notLive = "not_active"

  // The filters.
  case unlistedProduct = "unlisted_product"
  case unlistedWorkload = "unlisted_workload"
  case unlistedExam = "unlisted_exam"
  case otherProduct = "other_product"
  case otherWorkload = "other_workload"
  case otherExam = "exam_of_another_product_or_workload"
  case otherLocation = "other_location"

  // Other facts.
  /// The customer had paid seats all along.
  case customerBefore = "customer_before"
  /// The customer has had no paid seats.
  case neverCustomer = "no_paid_seats"
  /// The same user, or person, counts already.
  case countedAlready = "counted_already"
  /// The event was rejected.
  case refused

  /// Whether it says something about the partner of record.
  var isAboutOwnership: Bool { [.otherPartner, .noPartner, .notYetKnown].contains(self) }
}
