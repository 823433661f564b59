import Contract
import Dashboard
import Testing

@Suite struct ViewerTests {
  @Test func aPartnerSeesItselfAlone() {
    let viewer = Viewer(.partner(id: "caf\u{e9}"))
    #expect(viewer.maySee("caf\u{e9}"))
    #expect(!viewer.maySee("other"))
    // Equal as Swift's strings, but another id.
    #expect(!viewer.maySee("cafe\u{301}"))
  }

  @Test func severalPartnersMayBeOnesOwn() {
    let viewer = Viewer(.partners(["a", "b"]))
    #expect(viewer.maySee("a") && viewer.maySee("b") && !viewer.maySee("c"))
    #expect(viewer.partnerID == "a")
    #expect(viewer.partnerIDs == ["a", "b"])
    #expect(!viewer.isAdministrator)
  }

  @Test func anAdministratorSeesAll() {
    let viewer = Viewer(.administrator)
    #expect(viewer.maySee("a") && viewer.maySee("b"))
    #expect(viewer.partnerID == nil)
  }
}
