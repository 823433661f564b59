import HTTPServer

/// What a person sees who may not see the page.
struct RefusalPage {
  let say: Language
  let status: Int
  /// Where to sign in; nil if that is unknown, or no help.
  var signInLink: String?

  private var title: String {
    status == 401
      ? say("Please sign in", "Veuillez vous connecter") : say("Nothing to see here", "Rien à voir ici")
  }

  private var advice: String {
    status == 401
      ? say(
        "This page needs a sign-in that is still valid.",
        "Cette page demande une connexion en cours de validité.")
        + (signInLink == nil
          ? say(" Open it from your partner portal.", " Ouvrez-la depuis votre portail partenaire.") : "")
      : say(
        "Your account gives no right to see a partner’s contribution.",
        "Votre compte ne donne pas le droit de voir la contribution d’un partenaire.")
  }

  var html: HTML {
    .document(
      HTML("html", ["lang": say.rawValue]) {
        HTML.head(title: title)
        HTML("body") {
          HTML("main") {
            HTML("div", ["class": "report nothing"]) {
              HTML("h1") { title }
              HTML("p") { advice }
              if let signInLink {
                HTML("p") { HTML("a", ["href": signInLink]) { say("Sign in", "Se connecter") } }
              }
            }
          }
        }
      })
  }
}

extension PageHandler {
  /// A page for a problem that a person can do something about, where the request would rather have a page than JSON.
  func refusal(_ request: Request, _ problem: Problem) -> Response? {
    guard problem.status == 401 || problem.status == 403,
      request.header("Accept")?.contains("text/html") == true
    else { return nil }
    let page = RefusalPage(
      say: language(of: request), status: problem.status,
      signInLink: problem.status == 401 ? settings.signIn?.link(backTo: request) : nil)
    var response = Response(problem.status, "text/html; charset=utf-8", Array(page.html.markup.utf8))
    response.headers += problem.headers
    return response
  }
}
