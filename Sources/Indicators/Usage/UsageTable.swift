/// Which months each user was active in, by subscription and workload.
///
/// A user is one 40-byte entry that also holds the first (subscription, workload); each further one is a 24-byte entry
/// chained to it. All entries of a (subscription, workload) are chained too, for when its partner of record changes.
/// With `UserIndex`, one active (user, subscription, workload) takes at most 46 bytes. Months are bits, bit 0 being the
/// task's base month.
struct UsageTable: ~Copyable {
  /// An entry of either kind; 0 is none.
  struct EntryID: BitwiseCopyable, Equatable {
    var raw: UInt32 = 0

    init() {}
    init(first user: UInt32) { raw = user + 1 }
    init(further index: UInt32) { raw = (index + 1) | 1 << 31 }

    var isNone: Bool { raw == 0 }
    var isFirst: Bool { raw >> 31 == 0 }
    var index: Int { Int(raw & ~(1 << 31)) - 1 }
  }

  /// A user with the first (subscription, workload) seen of theirs.
  private struct FirstEntry: BitwiseCopyable {
    var identity: Identity
    var months: UInt64
    var place: UInt32
    var next: EntryID
    var nextOfPlace: EntryID
  }

  private struct FurtherEntry: BitwiseCopyable {
    var months: UInt64
    var place: UInt32
    var user: UInt32
    var next: EntryID
    var nextOfPlace: EntryID
  }

  /// A (subscription, workload) in which somebody was active.
  struct Place: BitwiseCopyable {
    /// The subscription's id and the workload's, one after the other in `placeTexts`.
    fileprivate var text: UInt32
    fileprivate var subscriptionCount: UInt32
    fileprivate var workloadCount: UInt32
    /// Months in which anybody was active in it.
    var months: UInt64
    fileprivate var newest: EntryID
    var subscription: Int32
    /// As in `Catalog.workloadIndex`.
    var workload: Int16
    let identity: Identity
  }

  private var index = UserIndex()
  private var firsts = Slab<FirstEntry>()
  private var furthers = Slab<FurtherEntry>()
  private(set) var places = Slab<Place>()
  private var placeTexts = Slab<UInt8>()
  private var placeIndex: [Identity: UInt32] = [:]

  init() {}

  /// Active (user, subscription, workload)s.
  var count: Int { firsts.count + furthers.count }
  var userCount: Int { firsts.count }
  /// Bytes held, used or not.
  var byteCount: Int {
    index.byteCount + firsts.byteCount + furthers.byteCount + places.byteCount + placeTexts.byteCount
  }

  @inline(__always)
  func user(_ identity: Identity) -> UInt32? {
    index.find(identity) { firsts[Int($0)].identity == identity }
  }

  /// What tells a place of a customer from the customer's others.
  struct PlaceName {
    var subscriptionID: UnsafeRawBufferPointer
    var workload: UnsafeRawBufferPointer

    /// The place's identity among those of all customers.
    func identity(in customer: Identity) -> Identity {
      customer.appending(subscriptionID).appending(workload)
    }
  }

  /// Whether a user is known to be active in all `months` in a place of the user's customer. The hot path: almost every
  /// action ends here. Comparing the texts is cheaper than hashing them.
  @inline(__always)
  func contains(_ months: UInt64, of identity: Identity, in name: PlaceName) -> Bool {
    guard let user = user(identity) else { return false }
    let first = firsts[Int(user)]
    if isPlace(first.place, name) { return first.months & months == months }
    var entry = first.next
    while !entry.isNone {
      let further = furthers[entry.index]
      if isPlace(further.place, name) { return further.months & months == months }
      entry = further.next
    }
    return false
  }

  @inline(__always)
  private func isPlace(_ number: UInt32, _ name: PlaceName) -> Bool {
    let place = places[Int(number)]
    guard Int(place.subscriptionCount) == name.subscriptionID.count,
      Int(place.workloadCount) == name.workload.count
    else { return false }
    let text = self.name(of: place)
    return text.subscriptionID.hasSameBytes(as: name.subscriptionID)
      && text.workload.hasSameBytes(as: name.workload)
  }

  /// The place's name; valid until the next place is added.
  @inline(__always)
  func name(of place: Place) -> PlaceName {
    let text = UnsafeRawPointer(placeTexts.base.unsafelyUnwrapped) + Int(place.text)
    return PlaceName(
      subscriptionID: UnsafeRawBufferPointer(start: text, count: Int(place.subscriptionCount)),
      workload: UnsafeRawBufferPointer(
        start: text + Int(place.subscriptionCount), count: Int(place.workloadCount)))
  }

  func place(_ identity: Identity) -> UInt32? { placeIndex[identity] }

  mutating func addPlace(
    _ identity: Identity, name: PlaceName, subscription: Int32, workload: Int16
  ) -> UInt32 {
    let number = UInt32(places.count)
    places.append(
      Place(
        text: UInt32(placeTexts.count), subscriptionCount: UInt32(name.subscriptionID.count),
        workloadCount: UInt32(name.workload.count), months: 0, newest: EntryID(), subscription: subscription,
        workload: workload, identity: identity))
    for byte in name.subscriptionID { placeTexts.append(byte) }
    for byte in name.workload { placeTexts.append(byte) }
    placeIndex[identity] = number
    return number
  }

  /// Adds `months` for a user in a place; returns the user's number. Expected O(the user's entries).
  mutating func insert(_ months: UInt64, of identity: Identity, in place: UInt32) -> UInt32 {
    places[Int(place)].months |= months
    guard let user = user(identity) else { return addUser(identity, months, place) }
    if firsts[Int(user)].place == place {
      firsts[Int(user)].months |= months
      return user
    }
    var entry = firsts[Int(user)].next
    while !entry.isNone {
      if furthers[entry.index].place == place {
        furthers[entry.index].months |= months
        return user
      }
      entry = furthers[entry.index].next
    }
    let added = EntryID(further: UInt32(furthers.count))
    furthers.append(
      FurtherEntry(
        months: months, place: place, user: user, next: firsts[Int(user)].next,
        nextOfPlace: places[Int(place)].newest))
    firsts[Int(user)].next = added
    places[Int(place)].newest = added
    return user
  }

  private mutating func addUser(_ identity: Identity, _ months: UInt64, _ place: UInt32) -> UInt32 {
    if !index.hasRoom {
      index.rebuild(count: firsts.count) { firsts[$0].identity }
    }
    let user = UInt32(firsts.count)
    firsts.append(
      FirstEntry(
        identity: identity, months: months, place: place, next: EntryID(),
        nextOfPlace: places[Int(place)].newest))
    places[Int(place)].newest = EntryID(first: user)
    index.insert(identity)
    return user
  }

  /// Calls `body` with the months and the place of each of a user's entries.
  @inline(__always)
  func forEachEntry(of user: UInt32, _ body: (_ months: UInt64, _ place: Place) -> Void) {
    let first = firsts[Int(user)]
    body(first.months, places[Int(first.place)])
    var entry = first.next
    while !entry.isNone {
      let further = furthers[entry.index]
      body(further.months, places[Int(further.place)])
      entry = further.next
    }
  }

  /// Calls `body` with each user who was active in the place in one of `months`. O(the place's users).
  func forEachUser(of place: UInt32, activeIn months: UInt64, _ body: (UInt32) -> Void) {
    guard places[Int(place)].months & months != 0 else { return }
    var entry = places[Int(place)].newest
    while !entry.isNone {
      if entry.isFirst {
        let first = firsts[entry.index]
        if first.months & months != 0 { body(UInt32(entry.index)) }
        entry = first.nextOfPlace
      } else {
        let further = furthers[entry.index]
        if further.months & months != 0 { body(further.user) }
        entry = further.nextOfPlace
      }
    }
  }

  /// Calls `body` with everything that the table knows, in an order that rebuilds it.
  func forEach(_ body: (_ user: Identity, _ place: UInt32, _ months: UInt64) -> Void) {
    for first in 0..<firsts.count {
      let entry = firsts[first]
      body(entry.identity, entry.place, entry.months)
    }
    for further in 0..<furthers.count {
      let entry = furthers[further]
      body(firsts[Int(entry.user)].identity, entry.place, entry.months)
    }
  }

  /// Makes the base month later by `months` and forgets what lies before it. O(entries).
  mutating func advanceBase(by months: Int) {
    var kept = UsageTable()
    swap(&kept.places, &places)
    swap(&kept.placeTexts, &placeTexts)
    swap(&kept.placeIndex, &placeIndex)
    for place in 0..<kept.places.count {
      kept.places[place].months = 0
      kept.places[place].newest = EntryID()
    }
    forEach { user, place, bits in
      let left = months >= UInt64.bitWidth ? 0 : bits >> UInt64(months)
      if left != 0 { _ = kept.insert(left, of: user, in: place) }
    }
    self = kept
  }
}
