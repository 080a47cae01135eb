import TestSupport
import Testing

@testable import Plotting

/// Colours that everyone can read and tell apart, checked by calculation.
@Suite struct ThemeTests {
  private typealias Linear = SIMD3<Double>

  private func linear(_ color: String) throws -> Linear {
    var channels = Linear()
    for channel in 0..<3 {
      let text = color.dropFirst(1 + 2 * channel).prefix(2)
      let value = try #require(Int(text, radix: 16))
      let share = Double(value) / 255
      channels[channel] = share <= 0.04045 ? share / 12.92 : power((share + 0.055) / 1.055, 2.4)
    }
    return channels
  }

  /// x^y for x in 0…1 by the binary expansion of y to 40 places: enough for colours.
  private func power(_ x: Double, _ y: Double) -> Double {
    var (result, root, rest) = (1.0, x, y)
    while rest >= 1 {
      result *= x
      rest -= 1
    }
    for _ in 0..<40 {
      root = root.squareRoot()
      rest *= 2
      if rest >= 1 {
        result *= root
        rest -= 1
      }
    }
    return result
  }

  /// Contrast as WCAG 2.1 defines it.
  private func contrast(_ a: String, _ b: String) throws -> Double {
    let weights = Linear(0.2126, 0.7152, 0.0722)
    let (x, y) = try ((linear(a) * weights).sum() + 0.05, (linear(b) * weights).sum() + 0.05)
    return max(x, y) / min(x, y)
  }

  @Test func everythingCanBeRead() throws {
    for palette in [Palette.light, .dark] {
      for color in [palette.text, palette.muted] + palette.texts {
        #expect(try contrast(color, palette.background) >= 4.5, "text \(color)")
      }
      for color in palette.lines {
        #expect(try contrast(color, palette.background) >= 3, "line \(color)")
      }
      #expect(palette.lines.count == Palette.seriesCount)
      #expect(palette.texts.count == Palette.seriesCount)
    }
  }

  /// How a dichromat sees a colour: matrices on linear RGB of Viénot, Brettel and Mollon (1999).
  private func seen(_ color: Linear, _ rows: [Linear]) -> Linear {
    Linear((color * rows[0]).sum(), (color * rows[1]).sum(), (color * rows[2]).sum())
  }

  /// CIE 1976 L*a*b* of a linear sRGB colour under D65.
  private func lab(_ color: Linear) -> Linear {
    let matrix = [
      Linear(0.4124, 0.3576, 0.1805) / 0.9505, Linear(0.2126, 0.7152, 0.0722),
      Linear(0.0193, 0.1192, 0.9505) / 1.089,
    ]
    let white = matrix.map { row -> Double in
      let share = max(0, (color * row).sum())
      return share > 0.008856 ? power(share, 1 / 3.0) : 7.787 * share + 16 / 116.0
    }
    return Linear(
      116 * white[1] - 16, 500 * (white[0] - white[1]), 200 * (white[1] - white[2]))
  }

  @Test func neighboursDifferForEveryKindOfSight() throws {
    let sights: [(String, [Linear])] = [
      ("trichromat", [Linear(1, 0, 0), Linear(0, 1, 0), Linear(0, 0, 1)]),
      (
        "protanope",
        [
          Linear(0.11238, 0.88762, 0), Linear(0.11238, 0.88762, 0), Linear(0.00401, -0.00401, 1),
        ]
      ),
      (
        "deuteranope",
        [
          Linear(0.29275, 0.70725, 0), Linear(0.29275, 0.70725, 0), Linear(-0.02234, 0.02234, 1),
        ]
      ),
    ]
    for palette in [Palette.light, .dark] {
      for (sight, rows) in sights {
        let colors = try palette.lines.prefix(4).map { lab(seen(try linear($0), rows)) }
        for first in colors.indices {
          for second in colors.indices where second > first {
            let apart = colors[first] - colors[second]
            let difference = (apart * apart).sum().squareRoot()
            #expect(difference > 14, "\(sight): series \(first) and \(second)")
          }
        }
      }
    }
  }

  @Test func coloursStartAgainWithAnotherPattern() {
    #expect(Ink.series(7).name == Ink.series(0).name)
    #expect(Ink.series(7).dash == .dashed)
    #expect(Ink.series(0).dash == .solid)
    #expect(Ink.series(-1).name == "6")
  }

  @Test func onlyTheAutomaticThemeAsksTheReader() {
    let sheet = { (theme: Theme) in theme.styleSheet(id: "a").joined() }
    #expect(sheet(.automatic).contains("@media screen and (prefers-color-scheme:dark)"))
    #expect(!sheet(.light).contains("@media"))
    #expect(sheet(.dark).contains(Palette.dark.background))
    #expect(!sheet(.dark).contains(Palette.light.background))
  }
}
