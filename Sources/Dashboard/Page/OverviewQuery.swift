import Contract
import HTTPServer

/// The query of the overview: `/partners?q=…&sort=…&order=…&page=…` and the filters of the page, each optional.
struct OverviewQuery {
  var base: PageQuery
  /// A part of a name or id.
  var text: String
  var order: PartnerOverview.Order
  var isDescending: Bool
  /// From 1.
  var page: Int

  static let path = "/partners"

  init(_ request: Request) throws(Problem) {
    base = try PageQuery(request)
    base.partner = nil
    let parameters = try QueryParameters(ofPage: request, known: ["q", "sort", "order", "page"])
    text = try parameters.text("q")
    let sort = try parameters.text("sort")
    if sort.isEmpty {
      order = .indicator(.netNewRevenue)
    } else if sort == "name" {
      order = .name
    } else if let kind = IndicatorKind(name: sort) {
      order = .indicator(kind)
    } else {
      throw .badParameter("sort", "it is neither name nor an indicator such as net_new_revenue")
    }
    // By default names ascend, and numbers descend.
    switch try parameters.text("order") {
    case "": isDescending = order != .name
    case "asc": isDescending = false
    case "desc": isDescending = true
    default: throw .badParameter("order", "it is neither asc nor desc")
    }
    let number = try parameters.text("page")
    guard let page = number.isEmpty ? 1 : Int(number), page >= 1 else {
      throw .badParameter("page", "it is not a whole number from 1")
    }
    self.page = page
  }

  /// All parameters except the page.
  private var items: [(String, String)] {
    [("q", text)].filter { !$0.1.isEmpty } + base.items + sortItems
  }

  var sortItems: [(String, String)] {
    switch order {
    case .name: [("sort", "name"), ("order", isDescending ? "desc" : "asc")]
    case .indicator(let kind): [("sort", kind.name), ("order", isDescending ? "desc" : "asc")]
    }
  }

  func link(page: Int) -> String {
    PageQuery.path(Self.path, items + (page > 1 ? [("page", String(page))] : []))
  }

  func link(_ language: Language) -> String {
    PageQuery.path(
      Self.path, items + (page > 1 ? [("page", String(page))] : []) + [("lang", language.rawValue)])
  }

  /// The first page in another order; if it is sorted by that already, in the opposite direction.
  func link(sortedBy order: PartnerOverview.Order) -> String {
    var other = self
    other.isDescending = order == self.order ? !isDescending : order != .name
    other.order = order
    return other.link(page: 1)
  }

  /// The page of a partner, with the same filters.
  func link(partner id: String) -> String {
    var page = base
    page.partner = id
    return PageQuery.path("/", page.items)
  }
}
