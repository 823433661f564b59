import Contract
import Indicators

/// The texts about facts and reasons, in one language.
struct FactTexts {
  private let page: PageContext
  private var localized: Language { page.localized }

  init(_ page: PageContext) { self.page = page }

  func kind(_ kind: Fact.Kind) -> String {
    switch kind {
    case .billingLine: localized("Billing lines", "Lignes de facturation")
    case .customer: localized("Customers", "Clients")
    case .seatChange: localized("Changes of paid seats", "Variations de licences payantes")
    case .examPass: localized("Exams", "Examens")
    case .instance: localized("Instances", "Instances")
    case .usage: localized("Active users by month", "Utilisateurs actifs par mois")
    case .assignment: localized("Assigned seats", "Licences attribuées")
    }
  }

  /// "Acme Corporation", or the id if no name is known.
  func customer(_ id: String, called name: String) -> String { (name.isEmpty ? id : name).isolated }

  /// "Acme Corporation / s-1 / line 7".
  func name(_ fact: Fact) -> String {
    var parts = [
      customer(fact.owner, called: fact.customerName), fact.subscription, fact.name, fact.workload,
    ].filter { !$0.isEmpty }
    if let users = fact.users {
      let count = page.count(users)
      parts.append(
        users == 1
          ? localized("1 user", "1 utilisateur") : localized("\(count) users", "\(count) utilisateurs"))
    }
    return parts.joined(separator: " / ")
  }

  func amount(_ fact: Fact) -> String {
    guard let amount = fact.amount else { return "" }
    if fact.kind == .billingLine { return money(amount) }
    return (amount > 0 ? "+" : "") + page.numbers.decimal(Double(amount), digits: 0)
  }

  func amount(_ amount: Int64, of component: Component) -> String {
    component.isMoney ? money(amount) : page.numbers.decimal(Double(amount), digits: 0)
  }

  private func money(_ micros: Int64) -> String {
    page.numbers.money(Double(micros) / 1_000_000, digits: page.numbers.currencyDigits)
  }

  /// An amount with its sign.
  func change(_ amount: Int64, of component: Component) -> String {
    (amount > 0 ? "+" : "") + self.amount(amount, of: component)
  }

  /// The amounts that are not zero, with their signs.
  func changes(_ amounts: [(Component, Int64)]) -> String {
    amounts.filter { $0.1 != 0 }.map { change($0.1, of: $0.0) }.joined(separator: ", ")
  }

  func cause(_ cause: FactChange.Cause) -> String {
    switch cause {
    case .arrived: localized("became known since", "connu depuis")
    case .corrected: localized("was corrected since", "corrigé depuis")
    case .changedOwner: localized("belongs to another partner now, or did before", "a changé de partenaire")
    case .cameIn: localized("came in", "s’est ajouté")
    case .leftWindow: localized("is older than twelve months now", "a maintenant plus de douze mois")
    case .ended: localized("counts no longer", "ne compte plus")
    case .changed: localized("counts for another amount", "compte pour un autre montant")
    }
  }

  /// The cause of a change with reasons and arrival. In a step of a history it says when the event arrived, otherwise since when it
  /// is known.
  func why(_ change: FactChange, inStep isStep: Bool = false) -> String {
    var text =
      switch change.cause {
      case .arrived where isStep: localized("became known", "reçu")
      case .corrected where isStep: localized("was corrected", "corrigé")
      default: cause(change.cause)
      }
    if let reason = change.reasonBefore {
      text += localized("; before: ", "\u{a0}; avant\u{a0}: ") + verdict(reason)
    }
    if let reason = change.reasonAfter {
      text += localized("; now: ", "\u{a0}; maintenant\u{a0}: ") + verdict(reason)
    }
    if let arrived = change.arrivedAt {
      let instant = page.dates.instant(arrived)
      text +=
        isStep
        ? localized("; event of \(instant)", "\u{a0}; événement reçu le \(instant)")
        : localized("; known since \(instant)", "\u{a0}; connu depuis le \(instant)")
      if change.isLate { text += localized(", late", ", en retard") }
    }
    return text
  }

  func name(_ component: Component) -> String {
    switch component {
    case .billedMicros: localized("Billed", "Facturé")
    case .creditedMicros: localized("Credited, which is deducted", "Crédité, à déduire")
    case .customersAdded: localized("Customers added", "Clients gagnés")
    case .customersLost: localized("Customers lost, which are not deducted", "Clients perdus, non déduits")
    case .seatsAdded: localized("Paid seats added", "Licences payantes ajoutées")
    case .seatsLost: localized("Paid seats lost, which are deducted", "Licences payantes perdues, à déduire")
    case .certifiedIndividuals: localized("Certified people", "Personnes certifiées")
    case .productionInstances: localized("Production instances", "Instances de production")
    case .activeUsers12Months:
      localized(
        "Different users in the twelve months, to be divided by 12",
        "Utilisateurs différents sur les douze mois, à diviser par 12")
    case .activeUsersMonth:
      localized("Different users in the month alone", "Utilisateurs différents sur le seul mois")
    case .assignedSeats: localized("Assigned seats", "Licences attribuées")
    }
  }

  func verdict(_ fact: Fact) -> String {
    if let refusal = fact.refusal { return localized("refused: ", "refusé\u{a0}: ") + text(refusal) }
    if fact.shares.map(\.component) == [.activeUsersMonth] {
      return localized(
        "counts in the month, counted already in the twelve months",
        "compte dans le mois, déjà compté dans les douze mois")
    }
    return verdict(fact.reason)
  }

  private func text(_ refusal: Refusal) -> String {
    switch refusal {
    case .unknownSchema: localized("its schema is unknown", "schéma inconnu")
    case .notDecodable: localized("cannot be read", "illisible")
    case .wrongPartition: localized("it lies in a wrong partition", "dans la mauvaise partition")
    case .missingID: localized("an id is missing", "identifiant manquant")
    case .textTooLong: localized("a text is too long", "texte trop long")
    case .missingInstant: localized("its time is missing", "date manquante")
    case .unspecifiedEnum: localized("a kind is not specified", "catégorie non précisée")
    case .foreignCurrency: localized("in another currency", "autre devise")
    case .missingContractStart: localized("the start of its contract is missing", "début du contrat manquant")
    case .amountOutOfRange: localized("its amount is too large", "montant trop élevé")
    case .negativeSeats: localized("negative seats", "nombre de licences négatif")
    case .seatsOutOfRange: localized("too many seats", "nombre de licences trop élevé")
    case .badCountry: localized("its country is not a country code", "code de pays incorrect")
    case .before2000: localized("dated before 2000", "daté d’avant 2000")
    case .inTheFuture: localized("dated in the future", "daté dans le futur")
    }
  }

  /// The text of a reason; nil for a fact that counts.
  func verdict(_ reason: Reason?) -> String {
    switch reason {
    case nil: localized("counts", "compte")
    case .otherPartner: localized("another partner’s then", "relevait alors d’un autre partenaire")
    case .noPartner: localized("no partner’s then", "ne relevait alors d’aucun partenaire")
    case .notYetKnown: localized("nothing was known of it then", "rien n’en était connu alors")
    case .tooOld: localized("before the twelve months", "avant les douze mois")
    case .notYet: localized("not yet in this month", "pas encore ce mois-ci")
    case .voided: localized("voided", "annulé")
    case .offCloud: localized("sold outside the cloud", "vendu hors cloud")
    case .beforeContract: localized("before its contract starts", "avant le début du contrat")
    case .beyondFirstContractYear:
      localized("beyond the first year of its contract", "au-delà de la première année du contrat")
    case .zeroAmount: localized("its amount is zero", "montant nul")
    case .unintentional: localized("nobody meant to do it", "activité automatique")
    case .notDeployed: localized("not deployed in this month", "non déployée ce mois-ci")
    case .notProduction: localized("not for production", "hors production")
    case .notAssigned: localized("not assigned in this month", "non attribuée ce mois-ci")
    case .revoked: localized("revoked", "révoqué")
    case .expired: localized("expired", "expiré")
    case .noExam: localized("no exam was passed", "aucun examen réussi")
    case .noSeatChange: localized("paid seats did not change", "licences payantes inchangées")
    case .notPaid: localized("its subscription is not paid for", "abonnement non payant")
    case .notLive: localized("its subscription is not active", "abonnement inactif")
    case .unlistedProduct: localized("its product is not listed", "produit hors catalogue")
    case .unlistedWorkload: localized("its workload is not listed", "charge de travail hors catalogue")
    case .unlistedExam: localized("its exam is not listed", "examen hors catalogue")
    case .otherProduct: localized("another product", "autre produit")
    case .otherWorkload: localized("another workload", "autre charge de travail")
    case .otherExam: localized("counts towards something else", "reconnu pour autre chose")
    case .otherLocation: localized("another location", "autre lieu")
    case .customerBefore: localized("had paid seats all along", "avait déjà des licences payantes")
    case .neverCustomer: localized("has no paid seats", "sans licence payante")
    case .countedAlready: localized("the same one counts already", "déjà compté")
    case .refused: localized("refused", "refusé")
    }
  }
}
