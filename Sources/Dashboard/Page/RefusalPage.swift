import Contract
import HTTPServer

/// The page for a person whose request is refused: without access, or with a wrong address.
struct RefusalPage {
  let localized: Language
  let problem: Problem
  /// The value in the address that is wrong.
  var wrongValue: String?
  /// Whether the parameter is given more than once.
  var isRepeated = false
  /// Whether the address is not properly encoded.
  var isMalformed = false
  /// Where a link leads on; nil for no link.
  var next: String?
  /// Where to sign in; nil if that is unknown or would not help.
  var signInLink: String?

  private var title: String {
    switch problem.status {
    case 400: localized("This address cannot be understood", "Cette adresse n’est pas valide")
    case 401: localized("Please sign in", "Veuillez vous connecter")
    case 404: localized("There is no such page", "Cette page n’existe pas")
    default: localized("Nothing to see here", "Rien à voir ici")
    }
  }

  private var advice: String {
    switch problem.status {
    case 400: wrong
    case 401:
      localized(
        "This page needs a sign-in that is still valid.",
        "Cette page demande une connexion en cours de validité.")
        + (signInLink == nil
          ? localized(" Open it from your partner portal.", " Ouvrez-la depuis votre portail partenaire.")
          : "")
    case 404:
      localized(
        "The address may be mistyped, or the page may have moved.",
        "L’adresse est peut-être mal saisie, ou la page a été déplacée.")
    default:
      localized(
        "Your account gives no right to see a partner’s contribution.",
        "Votre compte ne donne pas le droit de voir la contribution d’un partenaire.")
    }
  }

  private var wrong: String {
    if isMalformed {
      return localized(
        "It holds a percent sign that begins no character, as %20 would, or characters that are no text. The link may have been cut.",
        "Elle contient un signe pour cent qui ne code aucun caractère, comme le ferait %20, ou des caractères illisibles. Le lien a peut-être été coupé."
      )
    }
    if isRepeated {
      return localized("It says the same thing more than once.", "Un même élément y figure plusieurs fois.")
    }
    let value = localized("“\((wrongValue ?? "").isolated)”", "«\u{a0}\((wrongValue ?? "").isolated)\u{a0}»")
    return switch problem.parameter {
    case "month":
      localized("\(value) is not a month such as 2026-11.", "\(value) n’est pas un mois tel que 2026-11.")
    case "against":
      localized("\(value) is not a month such as 2026-10.", "\(value) n’est pas un mois tel que 2026-10.")
    case "since", "before":
      localized(
        "\(value) is not a time such as 2026-11-05T10:00:00Z.",
        "\(value) n’est pas un instant tel que 2026-11-05T10:00:00Z.")
    case "country":
      localized("\(value) is not a country such as FR.", "\(value) n’est pas un pays tel que FR.")
    case "product": localized("\(value) is not a product.", "\(value) n’est pas un produit.")
    case "workload": localized("\(value) is not a workload.", "\(value) n’est pas une charge de travail.")
    case "sort", "order", "page":
      localized(
        "\(value) is neither an order nor a page of this table.",
        "\(value) n’est ni un tri ni une page de ce tableau.")
    case "partner": localized("\(value) is not a partner.", "\(value) n’est pas un partenaire.")
    default: localized("Something in it is wrong.", "Elle contient une erreur.")
    }
  }

  private var link: String {
    problem.status == 400
      ? localized("Show the page without it", "Afficher la page sans cet élément")
      : localized("To partner contribution", "Vers la contribution partenaire")
  }

  var html: HTML {
    .document(
      HTML("html", ["lang": localized.rawValue]) {
        HTML.head(title: title) { HTML.colorScheme }
        HTML("body") {
          HTML("main") {
            HTML("div", ["class": "report nothing"]) {
              HTML("h1") { title }
              HTML("p") { advice }
              if let signInLink {
                HTML("p") { HTML("a", ["href": signInLink]) { localized("Sign in", "Se connecter") } }
              }
              if let next { HTML("p") { HTML("a", ["href": next]) { link } } }
            }
          }
        }
      })
  }
}

extension PageHandler {
  /// A page for a problem that a person can do something about; nil for another, and if the request does not accept HTML.
  func refusal(_ request: Request, _ problem: Problem) -> Response? {
    guard [400, 401, 403, 404].contains(problem.status),
      request.header("Accept")?.contains("text/html") == true
    else { return nil }
    var page = RefusalPage(localized: language(of: request), problem: problem)
    if problem.status == 401 { page.signInLink = settings.signIn?.link(backTo: request) }
    page.isMalformed = request.malformed != nil
    if request.malformed == .path {
      page.next = "/"
    } else if problem.status == 400, request.malformed != nil || problem.parameter != nil {
      let wrong = problem.parameter ?? ""
      page.wrongValue = request.query(wrong).map { String($0.prefix(60)) }
      page.isRepeated = request.query.count { $0.name.hasSameUTF8(as: wrong) } > 1
      let rest = request.query.filter { !$0.name.hasSameUTF8(as: wrong) && !$0.value.isEmpty }
      page.next = PageQuery.path(
        "/" + request.segments.joined(separator: "/"), rest.map { ($0.name, $0.value) })
    } else if problem.status == 404 {
      page.next = "/"
    }
    var response = Response(problem.status, "text/html; charset=utf-8", Array(page.html.markup.utf8))
    response.headers += problem.headers
    return response
  }
}
