/// Why an event is refused (SEMANTICS, "Events that are refused").
public enum Refusal: String, Error, Sendable, CaseIterable {
  case notDecodable = "not_decodable"
  case wrongPartition = "wrong_partition"
  case missingID = "missing_id"
  case missingInstant = "missing_instant"
  case unspecifiedEnum = "unspecified_enum"
  case foreignCurrency = "foreign_currency"
  case missingContractStart = "missing_contract_start"
  case negativeSeats = "negative_seats"
  case badCountry = "bad_country"
  case before2000 = "event_time_before_2000"
  case inTheFuture = "event_time_in_the_future"
}
