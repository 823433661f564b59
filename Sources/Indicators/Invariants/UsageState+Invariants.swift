extension UsageState {
  /// O(entries x entries of their users). `workloads` is how many there are.
  func checkInvariants(_ customers: borrowing CustomerState, workloads: Int) throws(BrokenInvariant) {
    try table.checkInvariants()
    for number in 0..<table.places.count {
      let place = table.places[number]
      try BrokenInvariant.check(
        Int(place.workload) < workloads && Int(place.subscription) < customers.subscriptions.count
          && customers.subscriptions[Int(place.subscription)].places.count { $0 == UInt32(number) } == 1,
        "place \(number) is not in the list of its subscription")
    }
  }
}

extension UsageTable {
  fileprivate func checkInvariants() throws(BrokenInvariant) {
    var months = [UInt64](repeating: 0, count: places.count)
    var entries = [Int](repeating: 0, count: places.count)
    for number in 0..<UInt32(count) {
      let entry = entry(number)
      try BrokenInvariant.check(
        Int(entry.place) < places.count && entry.months != 0, "entry \(number) is in no place, or no month")
      try BrokenInvariant.check(find(entry.identity) == number, "entry \(number) is not found")
      months[Int(entry.place)] |= entry.months
      entries[Int(entry.place)] += 1
      try checkUser(of: number)
    }
    for number in 0..<places.count {
      var chained = 0
      forEachUser(of: UInt32(number), activeIn: .max) { _ in chained += 1 }
      try BrokenInvariant.check(
        places[number].months == months[number] && chained == entries[number],
        "place \(number) does not know what its entries do")
    }
  }

  /// Checks that the entries of the user that an entry is of are a ring, whose first is the one that stands for the user.
  private func checkUser(of number: UInt32) throws(BrokenInvariant) {
    let user = user(of: number)
    var (next, first, length) = (entry(number).nextOfUser, number, 1)
    while next != number, length <= count {
      try BrokenInvariant.check(self.user(of: next) == user, "entry \(next) is chained to another user's")
      first = min(first, next)
      next = entry(next).nextOfUser
      length += 1
    }
    try BrokenInvariant.check(
      next == number && firstEntry(of: user) == first,
      "the entries of the user of entry \(number) are no ring")
  }
}
