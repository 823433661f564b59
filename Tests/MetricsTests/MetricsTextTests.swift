import Metrics
import Testing

@Suite struct MetricsTextTests {
  @Test func writesPrometheusFormat() {
    var text = MetricsText()
    text.begin("a_total", .counter, "Back\\slash\nand line.")
    text.sample("a_total", [("label", "quote\" back\\ line\n")], 3)
    text.single("b", .gauge, "B.", 0.25)
    #expect(
      text.text == """
        # HELP a_total Back\\\\slash\\nand line.
        # TYPE a_total counter
        a_total{label="quote\\" back\\\\ line\\n"} 3
        # HELP b B.
        # TYPE b gauge
        b 0.25

        """)
  }

  @Test func histogramsCount() {
    var histogram = Histogram([1, 10])
    for value in [0.5, 1, 5, 100] { histogram.observe(value) }
    var text = MetricsText()
    text.histogram("h", [("x", "y")], histogram)
    #expect(
      text.text == """
        h_bucket{x="y",le="1"} 2
        h_bucket{x="y",le="10"} 3
        h_bucket{x="y",le="+Inf"} 4
        h_sum{x="y"} 106.5
        h_count{x="y"} 4

        """)
  }
}
