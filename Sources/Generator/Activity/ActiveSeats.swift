import Indicators

/// The seats that may act in a month, each with its relative frequency.
struct ActiveSeats {
  private var seats: [Int32] = []

  init(_ market: Market, in month: Month) {
    let (first, end) = (
      Int32(month.firstSecond / secondsPerDay), Int32((month + 1).firstSecond / secondsPerDay)
    )
    for (index, seat) in market.seats.enumerated() where seat.firstDay < end && seat.endDay > first {
      for _ in 0..<seat.activity { seats.append(Int32(index)) }
    }
  }

  /// All that ever may.
  init(everyoneOf market: Market) { seats = market.seats.indices.map { Int32($0) } }

  var isEmpty: Bool { seats.isEmpty }

  /// The index of a seat that is assigned on that day, if a few draws find one.
  func draw(_ market: Market, day: Int32, _ random: inout Random) -> Int {
    var index = 0
    for _ in 0..<4 {
      index = Int(seats[random.below(seats.count)])
      let seat = market.seats[index]
      if seat.firstDay <= day, seat.endDay > day { break }
    }
    return index
  }
}
