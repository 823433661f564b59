import Contract

/// What an explanation is for: a partner, a cell and a month. Each `whyNot` returns why something does not count there; nil if it
/// does as far as that check goes.
struct Viewpoint {
  let catalog: Catalog
  let partner: Int32
  let side: SideIndex
  /// `unknown` for all locations.
  let location: Country
  let month: Month

  /// The twelve months that end with the month.
  var window: Range<Month> { month - (ReportingWindow.trailingMonths - 1)..<month + 1 }

  func whyNot(ownedBy owner: Int32?) -> Reason? {
    switch owner {
    case partner: nil
    case nil: .notYetKnown
    case PartnerRegistry.none: .noPartner
    default: .otherPartner
    }
  }

  func whyNot(inMonth other: Month) -> Reason? {
    if other < window.lowerBound { return .tooOld }
    return other > month ? .notYet : nil
  }

  /// For what counts in all workloads of its subscription.
  func whyNot(sidesOf state: SubscriptionState, _ sideSets: ProductSideSets) -> Reason? {
    guard state.product != SubscriptionState.unlisted else { return .unlistedProduct }
    return sideSets[state.sides].contains(side) ? nil : otherSide(than: state.product)
  }

  /// For what has a workload of its own.
  func whyNot(workload: Int16, of state: SubscriptionState) -> Reason? {
    guard state.product != SubscriptionState.unlisted else { return .unlistedProduct }
    let product = Int(state.product)
    guard workload >= 0, let sides = catalog.workloadSides[product][Int(workload)] else {
      return .unlistedWorkload
    }
    return sides.contains(side) ? nil : otherSide(than: state.product)
  }

  private func otherSide(than product: Int16) -> Reason {
    catalog.productIndex[Identity(catalog.sides[Int(side)].product)] == product
      ? .otherWorkload : .otherProduct
  }

  func whyNot(at country: Country) -> Reason? {
    location == .unknown || location == country ? nil : .otherLocation
  }
}
