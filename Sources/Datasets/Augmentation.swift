import Tensors

/// Random changes of the training images.
///
/// - `crop`: the image is surrounded by zero (black) pixels and a window of the original size is cut
///   out at random, every offset being equally likely. He et al. (2015, arXiv 1512.03385, §4.2) pad
///   by 4 pixels; `crop2` pads by 2. Padding precedes normalisation, as torchvision's does.
/// - `translate`: a crop whose surroundings are the image's reflection, by 2 pixels: Jordan 2024
///   (arXiv 2404.00498); `translate4` by 4.
/// - `flip`: left and right are exchanged with probability ½, after the crop.
/// - `altflip`: with probability ½ in the first epoch and from then on in every second one, so that
///   two epochs in a row see both sides of every image: Jordan 2024, §3.6.
/// - `cutout`: a square of 8 pixels a side is set to the mean colour, its middle anywhere in the
///   image: DeVries and Taylor 2017 (arXiv 1708.04552); `cutout16` has 16 pixels a side.
/// - `mixup`: the image is mixed with another of the data set, and its class with the other's, whose
///   share is the smaller of λ and 1 − λ, λ ~ Beta(α, α), α = 0.2: Zhang et al. 2018
///   (arXiv 1710.09412); `mixup0.4` has α = 0.4.
/// - `cutmix`: a rectangle of another image replaces the image's; its area's share, and that of the
///   other's class, is λ ~ Beta(α, α), α = 1: Yun et al. 2019 (arXiv 1905.04899), `cutmix0.5` alike.
///   Beside `mixup`, each sample draws one of the two.
///
/// A schedule of `augmentationStrength` multiplies the padding, cutout's side (both rounded to whole
/// pixels) and both α, none of them beyond its largest; at 0 only flips are left.
///
/// The text form is a list such as `crop,flip` or `translate,altflip,cutout12`, and `none` for no
/// change; it is also what a recipe records.
public struct Augmentation: Hashable, Sendable {
  /// Pixels added on each side before the crop, 0…16; 0 for no crop.
  public var cropPadding: Int
  /// Whether what a crop adds is the image's reflection instead of black.
  public var padsByReflection: Bool
  /// Whether images are mirrored half of the time.
  public var flips: Bool
  /// Whether they are mirrored every other time instead of at random.
  public var alternatesFlips: Bool
  /// Height and width of the square that is cut out, 0…64; 0 for none.
  public var cutout: Int
  /// α of mixing images, 0…2; 0 for none.
  public var mixup: Double
  /// α of mixing parts of images, 0…2; 0 for none.
  public var cutmix: Double

  /// The widest padding.
  public static let largestPadding = 16
  /// The largest square that is cut out.
  public static let largestCutout = 64
  /// The largest α of a mixture.
  public static let largestAlpha = 2.0

  /// No change.
  public static let none = Augmentation()

  /// Whether a schedule of its strength changes anything.
  public var hasStrength: Bool { cropPadding > 0 || cutout > 0 || mixes }

  /// Whether images are mixed with others.
  var mixes: Bool { mixup > 0 || cutmix > 0 }

  /// Makes an augmentation.
  ///
  /// - Parameters:
  ///   - cropPadding: Pixels added on each side before the crop, 0…16; 0 for no crop.
  ///   - padsByReflection: Whether they are the image's reflection instead of black.
  ///   - flips: Whether images are mirrored half of the time.
  ///   - alternatesFlips: Whether that is every other time instead of at random.
  ///   - cutout: Height and width of the square that is cut out, 0…64; 0 for none.
  ///   - mixup: α of mixing images, 0…2; 0 for none.
  ///   - cutmix: α of mixing parts of images, 0…2; 0 for none.
  /// - Precondition: The numbers are in their ranges.
  public init(
    cropPadding: Int = 0, padsByReflection: Bool = false, flips: Bool = false,
    alternatesFlips: Bool = false, cutout: Int = 0, mixup: Double = 0, cutmix: Double = 0
  ) {
    precondition(
      0...Self.largestPadding ~= cropPadding,
      "a crop pads by 0 to \(Self.largestPadding) pixels, found \(cropPadding)")
    precondition(
      0...Self.largestCutout ~= cutout,
      "a square has 0 to \(Self.largestCutout) pixels a side, found \(cutout)")
    precondition(
      0...Self.largestAlpha ~= mixup && 0...Self.largestAlpha ~= cutmix,
      "α is in 0 to \(Self.largestAlpha), found \(mixup) and \(cutmix)")
    self.cropPadding = cropPadding
    self.padsByReflection = padsByReflection
    self.flips = flips
    self.alternatesFlips = alternatesFlips
    self.cutout = cutout
    self.mixup = mixup
    self.cutmix = cutmix
  }

  /// The choice for one sample of the data set in one epoch.
  ///
  /// It depends on nothing else: not on the batch size, the order of the samples, or the thread that
  /// asks. Each sample owns three draws of the epoch's stream for its window, and others, far behind
  /// all windows, for what else happens to it: nothing moves when a part is left out.
  ///
  /// - Parameters:
  ///   - sample: The sample.
  ///   - epoch: The epoch, from 0.
  ///   - seed: The run's seed.
  ///   - count: The samples of the data set; images are mixed with any of them.
  ///   - strength: The schedule's value, ≥ 0.
  /// - Returns: What happens to the sample.
  /// - Precondition: `epoch` ≥ 0, `count` ≥ 1 and `strength` ≥ 0.
  public func choice(
    sample: Int, epoch: Int, seed: UInt64, count: Int = 1, strength: Double = 1
  ) -> Choice {
    precondition(strength >= 0, "a strength is at least 0, found \(strength)")
    guard self != .none else { return .unchanged }
    var choice = Choice(window: window(sample, epoch, seed, strength))
    guard cutout > 0 || mixes else { return choice }
    var stream = RandomStream(seed: seed, purpose: .augmentation, index: UInt64(epoch))
    stream.position = (1 << 62) + UInt64(sample) * 256
    let middle = (row: stream.nextUniform(), column: stream.nextUniform())
    let side = Self.scaled(cutout, strength, upTo: Self.largestCutout)
    if side > 0 {
      choice.cutout = Choice.Patch(row: middle.row, column: middle.column, size: .pixels(side))
    }
    choice.mixture = mixture(&stream, epoch, seed, count: count, strength: strength)
    return choice
  }

  /// Whole pixels; a strength may be too large for an integer.
  private static func scaled(_ pixels: Int, _ strength: Double, upTo largest: Int) -> Int {
    Int(min((Double(pixels) * strength).rounded(), Double(largest)))
  }

  private func window(
    _ sample: Int, _ epoch: Int, _ seed: UInt64, _ strength: Double
  ) -> Choice.Window {
    var stream = RandomStream(seed: seed, purpose: .augmentation, index: UInt64(epoch))
    stream.position = UInt64(sample) * 3
    let padding = Self.scaled(cropPadding, strength, upTo: Self.largestPadding)
    let row = stream.nextInteger(below: 2 * padding + 1) - padding
    let column = stream.nextInteger(below: 2 * padding + 1) - padding
    var isFlipped = stream.nextInteger(below: 2) == 1
    if alternatesFlips {
      var first = RandomStream(seed: seed, purpose: .augmentation, index: 0)
      first.position = UInt64(sample) * 3 + 2
      isFlipped = (first.nextInteger(below: 2) == 1) != (epoch % 2 == 1)
    }
    return Choice.Window(
      rowOffset: row, columnOffset: column, isFlipped: (flips || alternatesFlips) && isFlipped)
  }

  /// The other image, if there is one: the draws are made in one order whatever comes of them.
  private func mixture(
    _ stream: inout RandomStream, _ epoch: Int, _ seed: UInt64, count: Int, strength: Double
  ) -> Choice.Mixture? {
    let other = stream.nextInteger(below: count)
    let isSecond = stream.nextInteger(below: 2) == 1
    let middle = (row: stream.nextUniform(), column: stream.nextUniform())
    let cuts = cutmix > 0 && (mixup == 0 || isSecond)
    let alpha = min((cuts ? cutmix : mixup) * strength, Self.largestAlpha)
    guard alpha > 0 else { return nil }
    let lambda = stream.nextBeta(alpha)
    let share = cuts ? lambda : min(lambda, 1 - lambda)
    guard share > 0 else { return nil }
    return Choice.Mixture(
      sample: other, window: window(other, epoch, seed, strength), share: Float(share),
      patch: cuts
        ? Choice.Patch(row: middle.row, column: middle.column, size: .share(share)) : nil)
  }
}
