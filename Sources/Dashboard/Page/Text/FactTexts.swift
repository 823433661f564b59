import Contract
import Indicators

/// What facts are called, and why they do not count, in one language.
struct FactTexts {
  private let page: PageContext
  private var say: Language { page.say }

  init(_ page: PageContext) { self.page = page }

  func kind(_ kind: Fact.Kind) -> String {
    switch kind {
    case .billingLine: say("Billing lines", "Lignes de facturation")
    case .customer: say("Customers", "Clients")
    case .seatChange: say("Changes of paid seats", "Variations de licences payantes")
    case .examPass: say("Exams", "Examens")
    case .instance: say("Instances", "Instances")
    case .usage: say("Active users by month", "Utilisateurs actifs par mois")
    case .assignment: say("Assigned seats", "Licences attribuées")
    }
  }

  /// "Acme Corporation", or the id where no name is known.
  func customer(_ id: String, called name: String) -> String { (name.isEmpty ? id : name).isolated }

  /// "Acme Corporation / s-1 / line 7".
  func name(_ fact: Fact) -> String {
    var parts = [
      customer(fact.owner, called: fact.customerName), fact.subscription, fact.name, fact.workload,
    ].filter { !$0.isEmpty }
    if let users = fact.users {
      let count = page.count(users)
      parts.append(
        users == 1 ? say("1 user", "1 utilisateur") : say("\(count) users", "\(count) utilisateurs"))
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

  /// With its sign.
  func change(_ amount: Int64, of component: Component) -> String {
    (amount > 0 ? "+" : "") + self.amount(amount, of: component)
  }

  /// What is not zero of the amounts of components.
  func changes(_ amounts: [(Component, Int64)]) -> String {
    amounts.filter { $0.1 != 0 }.map { change($0.1, of: $0.0) }.joined(separator: ", ")
  }

  func cause(_ cause: FactChange.Cause) -> String {
    switch cause {
    case .arrived: say("became known since", "connu depuis")
    case .corrected: say("was corrected since", "corrigé depuis")
    case .changedOwner: say("belongs to another partner now, or did before", "a changé de partenaire")
    case .cameIn: say("came in", "s’est ajouté")
    case .leftWindow: say("is older than twelve months now", "a maintenant plus de douze mois")
    case .ended: say("counts no longer", "ne compte plus")
    case .changed: say("counts for another amount", "compte pour un autre montant")
    }
  }

  /// In a step of a history it is said when the event came, and not since when.
  func why(_ change: FactChange, inStep isStep: Bool = false) -> String {
    var text =
      switch change.cause {
      case .arrived where isStep: say("became known", "reçu")
      case .corrected where isStep: say("was corrected", "corrigé")
      default: cause(change.cause)
      }
    if let reason = change.reasonBefore {
      text += say("; before: ", "\u{a0}; avant\u{a0}: ") + verdict(reason)
    }
    if let reason = change.reasonAfter {
      text += say("; now: ", "\u{a0}; maintenant\u{a0}: ") + verdict(reason)
    }
    if let arrived = change.arrivedAt {
      let instant = page.dates.instant(arrived)
      text +=
        isStep
        ? say("; event of \(instant)", "\u{a0}; événement reçu le \(instant)")
        : say("; known since \(instant)", "\u{a0}; connu depuis le \(instant)")
      if change.isLate { text += say(", late", ", en retard") }
    }
    return text
  }

  func name(_ component: Component) -> String {
    switch component {
    case .billedMicros: say("Billed", "Facturé")
    case .creditedMicros: say("Credited, which is deducted", "Crédité, à déduire")
    case .customersAdded: say("Customers added", "Clients gagnés")
    case .customersLost: say("Customers lost, which are not deducted", "Clients perdus, non déduits")
    case .seatsAdded: say("Paid seats added", "Licences payantes ajoutées")
    case .seatsLost: say("Paid seats lost, which are deducted", "Licences payantes perdues, à déduire")
    case .certifiedIndividuals: say("Certified people", "Personnes certifiées")
    case .productionInstances: say("Production instances", "Instances de production")
    case .activeUsers12Months:
      say(
        "Different users in the twelve months, to be divided by 12",
        "Utilisateurs différents sur les douze mois, à diviser par 12")
    case .activeUsersMonth:
      say("Different users in the month alone", "Utilisateurs différents sur le seul mois")
    case .assignedSeats: say("Assigned seats", "Licences attribuées")
    }
  }

  func verdict(_ fact: Fact) -> String {
    if let refusal = fact.refusal { return say("refused: ", "refusé\u{a0}: ") + text(refusal) }
    if fact.shares.map(\.component) == [.activeUsersMonth] {
      return say(
        "counts in the month, counted already in the twelve months",
        "compte dans le mois, déjà compté dans les douze mois")
    }
    return verdict(fact.reason)
  }

  private func text(_ refusal: Refusal) -> String {
    switch refusal {
    case .unknownSchema: say("its schema is unknown", "schéma inconnu")
    case .notDecodable: say("cannot be read", "illisible")
    case .wrongPartition: say("it lies in a wrong partition", "dans la mauvaise partition")
    case .missingID: say("an id is missing", "identifiant manquant")
    case .textTooLong: say("a text is too long", "texte trop long")
    case .missingInstant: say("its time is missing", "date manquante")
    case .unspecifiedEnum: say("a kind is not specified", "catégorie non précisée")
    case .foreignCurrency: say("in another currency", "autre devise")
    case .missingContractStart: say("the start of its contract is missing", "début du contrat manquant")
    case .amountOutOfRange: say("its amount is too large", "montant trop élevé")
    case .negativeSeats: say("negative seats", "nombre de licences négatif")
    case .seatsOutOfRange: say("too many seats", "nombre de licences trop élevé")
    case .badCountry: say("its country is not a country code", "code de pays incorrect")
    case .before2000: say("dated before 2000", "daté d’avant 2000")
    case .inTheFuture: say("dated in the future", "daté dans le futur")
    }
  }

  /// Nil stands for what counts.
  func verdict(_ reason: Reason?) -> String {
    switch reason {
    case nil: say("counts", "compte")
    case .otherPartner: say("another partner’s then", "relevait alors d’un autre partenaire")
    case .noPartner: say("no partner’s then", "ne relevait alors d’aucun partenaire")
    case .notYetKnown: say("nothing was known of it then", "rien n’en était connu alors")
    case .tooOld: say("before the twelve months", "avant les douze mois")
    case .notYet: say("not yet in this month", "pas encore ce mois-ci")
    case .voided: say("voided", "annulé")
    case .offCloud: say("sold outside the cloud", "vendu hors cloud")
    case .beforeContract: say("before its contract starts", "avant le début du contrat")
    case .beyondFirstContractYear:
      say("beyond the first year of its contract", "au-delà de la première année du contrat")
    case .zeroAmount: say("its amount is zero", "montant nul")
    case .unintentional: say("nobody meant to do it", "activité automatique")
    case .notDeployed: say("not deployed in this month", "non déployée ce mois-ci")
    case .notProduction: say("not for production", "hors production")
    case .notAssigned: say("not assigned in this month", "non attribuée ce mois-ci")
    case .revoked: say("revoked", "révoqué")
    case .expired: say("expired", "expiré")
    case .noExam: say("no exam was passed", "aucun examen réussi")
    case .noSeatChange: say("paid seats did not change", "licences payantes inchangées")
    case .notPaid: say("its subscription is not paid for", "abonnement non payant")
    case .notLive: say("its subscription is not active", "abonnement inactif")
    case .unlistedProduct: say("its product is not listed", "produit hors catalogue")
    case .unlistedWorkload: say("its workload is not listed", "charge de travail hors catalogue")
    case .unlistedExam: say("its exam is not listed", "examen hors catalogue")
    case .otherProduct: say("another product", "autre produit")
    case .otherWorkload: say("another workload", "autre charge de travail")
    case .otherExam: say("counts towards something else", "reconnu pour autre chose")
    case .otherLocation: say("another location", "autre lieu")
    case .customerBefore: say("had paid seats all along", "avait déjà des licences payantes")
    case .neverCustomer: say("has no paid seats", "sans licence payante")
    case .countedAlready: say("the same one counts already", "déjà compté")
    case .refused: say("refused", "refusé")
    }
  }
}
