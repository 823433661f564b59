/// What the activity of a market depends on.
package struct Market: Sendable {
  struct Partner: Sendable {
    var id: String
    var country: String
    /// Its share of the market, relative to the others.
    var weight: Int
    /// 0 (shrinking) to 4 (booming).
    var momentum: Int
    /// The products that it sells most.
    var specialty: Int
  }

  struct Customer: Sendable {
    var id: String
    var country: String
    var firstSubscription: Int
    var subscriptions: Int
    /// The users of all customers are numbered consecutively.
    var firstUser: Int
    var users: Int
  }

  /// A subscription as it is at the end.
  struct Subscription: Sendable {
    var customer: Int
    /// Counts from one within the customer.
    var number: Int
    /// -1 for the unlisted one.
    var product: Int
    /// Bits of the product's workloads.
    var workloads: UInt64
    var program: Int32
    var kind: Int32
    var status: Int32
    var seats: Int64
    /// -1 for none.
    var partner: Int
    var revision: Int64
    /// When its licenses may be used, in seconds since 1970.
    var start: Int64
    var end: Int64
  }

  /// A user account that holds a license.
  struct Seat: Sendable {
    var user: Int32
    var subscription: Int32
    /// In days since 1970.
    var firstDay: Int32
    var endDay: Int32
    /// How often its user acts, relative to the others; zero for one who never does.
    var activity: UInt8
  }

  struct Person: Sendable {
    var id: String
    /// -1 for none.
    var partner: Int
  }

  var partners: [Partner] = []
  var customers: [Customer] = []
  var subscriptions: [Subscription] = []
  var seats: [Seat] = []
  var people: [Person] = []
}
