/// Why an event is rejected (SEMANTICS, "Events that are rejected"). If there are several reasons, the first in the order
/// of `check` applies, after that of the schema: ids, texts, time, then the message's other fields.
package enum Refusal: String, Error, Sendable, CaseIterable {
  case unknownSchema = "unknown_schema"
  case notDecodable = "not_decodable"
  case wrongPartition = "wrong_partition"
  case missingID = "missing_id"
  case textTooLong = "text_too_long"
  case missingInstant = "missing_instant"
  case unspecifiedEnum = "unspecified_enum"
  case foreignCurrency = "foreign_currency"
  case missingContractStart = "missing_contract_start"
  case amountOutOfRange = "amount_out_of_range"
  case negativeSeats = "negative_seats"
  case seatsOutOfRange = "seats_out_of_range"
  case badCountry = "bad_country"
  case before2000 = "event_time_before_2000"
  case inTheFuture = "event_time_in_the_future"
}
