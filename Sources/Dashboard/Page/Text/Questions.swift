/// A frequent question of partners, with its answer.
struct Question {
  let title: String
  let answer: String

  static func all(_ localized: Language, _ rule: RangeRule) -> [Question] {
    [
      Question(
        title: localized(
          "Why is there revenue without users?", "Pourquoi du chiffre d’affaires sans utilisateurs\u{202f}?"),
        answer: localized(
          "Volume licenses are billed before seats are set up and people start. Revenue comes first, users follow in later months.",
          "Les licences en volume sont facturées avant que les postes soient installés. Le chiffre d’affaires vient d’abord, les utilisateurs dans les mois suivants."
        )),
      Question(
        title: localized(
          "Why are there users without revenue?", "Pourquoi des utilisateurs sans chiffre d’affaires\u{202f}?"
        ),
        answer: localized(
          "Trials, internal use and the public sector have users and no revenue. What is bought on the web or from resellers is billed months after the seats start.",
          "Les essais, l’usage interne et le secteur public ont des utilisateurs sans chiffre d’affaires. Les achats en ligne ou par des revendeurs sont facturés des mois après l’ouverture des licences."
        )),
      Question(
        title: localized(
          "Why does revenue differ from my books?",
          "Pourquoi le chiffre d’affaires diffère-t-il du mien\u{202f}?"),
        answer: localized(
          "It is what the vendor billed in the reporting currency, not what you invoiced: without your margin and services, less credits, by billing date, and only for subscriptions of which you were the partner of record then. Voided lines, enterprise agreements after their first year and products that are not listed are left out. A late correction changes past months too.",
          "C’est ce que l’éditeur a facturé dans la devise de référence, et non vos factures\u{a0}: sans votre marge ni vos services, moins les avoirs, à la date de facturation, et seulement pour les abonnements dont vous étiez alors le partenaire officiel. Les lignes annulées, les contrats Entreprise après leur première année et les produits hors catalogue ne comptent pas. Une correction tardive modifie aussi les mois passés."
        )),
      Question(
        title: localized(
          "Why do certified people seem few?", "Pourquoi si peu de personnes certifiées\u{202f}?"),
        answer: localized(
          "A person counts if their affiliation with you is known and an exam that counts towards the filter is held at the end of the month: passed, not expired, not revoked. Each counts once. With a location, the affiliation’s decides, not the customer’s.",
          "Une personne compte si son affiliation à votre entreprise est connue et si un examen reconnu pour le filtre est détenu à la fin du mois\u{a0}: réussi, non expiré, non révoqué. Chacune compte une fois. Avec un lieu, c’est celui de l’affiliation qui décide, pas celui du client."
        )),
      Question(
        title: localized("Which partners appear at all?", "Quels partenaires apparaissent\u{202f}?"),
        answer: localized(
          "Partners that have an MPN or CSP account in the month, in a country that is not excluded, and something that counts under the filters. All of them are compared with each other; nobody but you and an administrator sees your values.",
          "Les partenaires qui ont un compte MPN ou CSP ce mois-là, dans un pays non exclu, et au moins un élément qui compte sous les filtres choisis. Tous sont comparés entre eux\u{202f}; vos valeurs ne sont visibles que par vous et un administrateur."
        )),
      Question(
        title: localized(
          "How are the four segments made?", "Comment sont faits les quatre segments\u{202f}?"),
        answer: localized(
          "All partners with a value are put in order and split into four parts of about the same size; 4 has the greatest values. Equal values are in the same segment, so one may be empty. \(withholding(localized, rule))",
          "Tous les partenaires qui ont une valeur sont classés puis répartis en quatre parts à peu près égales\u{202f}; le segment 4 a les plus grandes valeurs. Des valeurs égales sont dans le même segment, qui peut donc en laisser un vide. \(withholding(localized, rule))"
        )),
    ]
  }

  private static func withholding(_ localized: Language, _ rule: RangeRule) -> String {
    guard !rule.isExact else { return "" }
    return localized(
      "The ranges of an indicator are rounded outwards, and are shown only where each segment holds at least \(rule.minimumPartners) partners besides you, so that nobody’s value can be read off them.",
      "Les étendues d’un indicateur sont arrondies vers l’extérieur et ne sont affichées que si chaque segment compte au moins \(rule.minimumPartners) partenaires en plus de vous, afin que la valeur de personne ne puisse en être déduite."
    )
  }
}
