import Contract
import Testing

@Suite struct ComponentValuesTests {
  @Test(arguments: Component.allCases)
  func keepsEachComponentApart(component: Component) {
    var values = ComponentValues()
    #expect(values.isZero)
    values[component] = 5
    #expect(!values.isZero)
    for other in Component.allCases { #expect(values[other] == (other == component ? 5 : 0)) }
    #expect(values != ComponentValues())
  }

  @Test func addsAndSubtracts() {
    var left = ComponentValues()
    var right = ComponentValues()
    for component in Component.allCases {
      left[component] = Int64(component.rawValue)
      right[component] = 100
    }
    let before = left
    left &+= right
    for component in Component.allCases { #expect(left[component] == Int64(component.rawValue) + 100) }
    left &-= right
    #expect(left == before)
    #expect(Set([left, before]).count == 1)
  }
}
