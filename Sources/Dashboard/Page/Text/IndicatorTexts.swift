import Contract

/// The name and meaning of an indicator, in one language.
struct IndicatorTexts {
  let name: String
  /// A short explanation below the name.
  let brief: String
  /// For the help panel: what is counted and how, and what is not.
  let meaning: String
  /// Why there is no value, if there is only one possible reason.
  var whyUndefined: String?

  init(_ kind: IndicatorKind, _ localized: Language) {
    switch kind {
    case .netNewRevenue:
      name = localized("Net new revenue", "Chiffre d’affaires net")
      brief = localized("Billed less credited, 12 months", "Facturé moins crédité, 12 mois")
      meaning = localized(
        "What customers were billed for paid cloud subscriptions of which you are the partner of record, less what was credited, over the twelve months. Enterprise agreements count in the first twelve months of their contract. Trials, internal use and software off the cloud do not count.",
        "Ce qui a été facturé aux clients pour les abonnements cloud payants dont vous êtes le partenaire officiel, moins les avoirs, sur les douze mois. Les contrats Entreprise comptent pendant les douze premiers mois. Les essais, l’usage interne et les logiciels hors cloud ne comptent pas."
      )
    case .customersAdded:
      name = localized("Customers added", "Clients gagnés")
      brief = localized(
        "From no paid seat to some, 12 months", "De zéro à au moins une licence payante, 12 mois")
      meaning = localized(
        "Customers that had no paid seat in one month and had some in the next, counted for the twelve months. A customer that leaves and comes back counts again. With a filter, only seats under that filter are looked at.",
        "Les clients qui n’avaient aucune licence payante un mois et en avaient le mois suivant, comptés sur les douze mois. Un client qui part puis revient compte à nouveau. Avec un filtre, seules les licences concernées sont prises en compte."
      )
    case .netPaidSeatsAdded:
      name = localized("Net paid seats added", "Licences payantes nettes")
      brief = localized("Seats added less lost, 12 months", "Licences gagnées moins perdues, 12 mois")
      meaning = localized(
        "Paid seats that were added less those that were lost, month after month, over the twelve months. It is below zero when more were lost. A change of partner alone moves no seats.",
        "Les licences payantes ajoutées moins celles perdues, mois après mois, sur les douze mois. La valeur est négative si les pertes l’emportent. Un simple changement de partenaire ne déplace aucune licence."
      )
    case .certifiedIndividuals:
      name = localized("Certified individuals", "Personnes certifiées")
      brief = localized("At the end of the month", "À la fin du mois")
      meaning = localized(
        "People affiliated with you who hold, at the end of the month, at least one exam that counts towards the filter. Each person counts once, however many exams they hold. The location is that of the affiliation.",
        "Les personnes affiliées à votre entreprise qui détiennent, à la fin du mois, au moins un examen reconnu pour le filtre choisi. Chaque personne compte une fois, quel que soit le nombre d’examens. Le lieu est celui de l’affiliation."
      )
    case .productionInstances:
      name = localized("Production instances", "Instances de production")
      brief = localized("Deployed at the end of the month", "Déployées à la fin du mois")
      meaning = localized(
        "Environments that are deployed for production on subscriptions of which you are the partner of record, at the end of the month. Sandboxes and trials do not count.",
        "Les environnements déployés en production sur les abonnements dont vous êtes le partenaire officiel, à la fin du mois. Les bacs à sable et les essais ne comptent pas."
      )
    case .monthlyActiveUsers:
      name = localized("Monthly active users", "Utilisateurs actifs par mois")
      brief = localized(
        "Distinct users of 12 months, divided by 12", "Utilisateurs distincts sur 12 mois, divisés par 12")
      meaning = localized(
        "Different people who did something on purpose in the product during the twelve months, divided by twelve. Someone who was active in one month weighs as much as someone who was in all of them. Background activity does not count.",
        "Les personnes différentes qui ont agi intentionnellement dans le produit pendant les douze mois, divisées par douze. Une personne active un seul mois pèse autant qu’une personne active tous les mois. L’activité automatique ne compte pas."
      )
    case .mauPerAssignedSeat:
      name = localized("Active users per assigned seat", "Utilisateurs actifs par licence attribuée")
      brief = localized(
        "Monthly active users ÷ assigned seats", "Utilisateurs actifs par mois ÷ licences attribuées")
      meaning = localized(
        "Monthly active users divided by the licenses that are assigned to someone in the month. It says how much of what was sold is used. Where no license is assigned there is nothing to divide by: a dash stands for the value, and the partner is in no segment.",
        "Les utilisateurs actifs par mois divisés par les licences attribuées à une personne ce mois-là. Ce rapport dit quelle part de ce qui est vendu est utilisée. Sans licence attribuée, la division est impossible\u{a0}: un tiret remplace la valeur et le partenaire n’est dans aucun segment."
      )
      whyUndefined = localized(
        "No seat is assigned in this month.", "Aucune licence n’est attribuée ce mois-ci.")
    }
  }
}
