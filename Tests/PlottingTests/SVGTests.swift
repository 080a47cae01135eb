import Plotting
import Testing

@Suite struct SVGTests {
  @Test(arguments: [
    (0.0, "0"), (-0.001, "0"), (1, "1"), (1.5, "1.5"), (1.05, "1.05"), (-2.345, "-2.35"),
    (12.344, "12.34"), (.nan, "0"), (.infinity, "10000000"), (-1e300, "-10000000"),
  ])
  func numbers(value: Double, expected: String) {
    #expect(SVG.number(value) == expected)
  }

  @Test func escaping() {
    #expect(SVG.escaped("a<b> & \"c\" 'd'") == "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;")
    #expect(SVG.escaped("x\u{7}\u{1B}[0m\ty\u{FFFE}") == "x\u{FFFD}\u{FFFD}[0m y\u{FFFD}")
    #expect(SVG.escaped("µ → 学習率 🙂") == "µ → 学習率 🙂")
  }

  @Test func nesting() {
    var svg = SVG()
    svg.open("g", ["z": "1", "a": "<"])
    svg.element("path", ["d": SVG.path([Pixel(x: 1, y: 2), Pixel(x: 3.25, y: 4)])])
    svg.element("text", [:], text: "a & b")
    svg.close("g")
    #expect(
      svg.text == """
        <g z="1" a="&lt;">
         <path d="M1 2L3.25 4"/>
         <text>a &amp; b</text>
        </g>

        """)
  }
}
