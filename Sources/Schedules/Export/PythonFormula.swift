/// A function that exported Python programs have in common, written for single numbers and for arrays.
enum PythonFormula: String, CaseIterable, Sendable {
  case share, linear, cosine, exponential, polynomial, rex, tanh, inverse, sigmoid, pick, cycles
  case oneMinusRoot = "one_minus_root"

  /// The definition.
  func definition(in dialect: PythonDialect) -> String {
    switch self {
    case .share:
      """
      def share(time, length):
          \"""The part of a phase that is over, from 0 to 1, exact at both ends.\"""
          part = minimum(maximum(time / length, 0.0), 1.0)
          return where(length - time < TINY, 1.0, where(time < TINY, 0.0, part))
      """
    case .linear:
      """
      def linear(a, b, u):
          return a * (1 - u) + b * u
      """
    case .cosine:
      """
      def cosine(a, b, u, exponent=1.0, k=1.0):
          left = sin(pi / 2 * (1 - u**k)) ** (2 * exponent)
          return a * left + b * (1 - left)
      """
    case .exponential:
      """
      def exponential(a, b, u):
          return a * (b / a) ** u
      """
    case .polynomial:
      """
      def polynomial(a, b, u, power, k=1.0):
          left = (1 - u**k) ** power
          return a * left + b * (1 - left)
      """
    case .oneMinusRoot:
      """
      def one_minus_root(a, b, u):
          return a * (1 - u**0.5) + b * u**0.5
      """
    case .rex:
      """
      def rex(a, b, u):
          return a * 2 * (1 - u) / (2 - u) + b * u / (2 - u)
      """
    case .tanh:
      """
      def tanh(a, b, u, lower, upper):
          left = 1 / (1 + exp(2 * (lower * (1 - u) + upper * u)))
          return a * left + b * (1 - left)
      """
    case .inverse:
      """
      def inverse(a, b, time, power, every):
          left = (1 + maximum(time, 0) / every) ** -power
          return a * left + b * (1 - left)
      """
    case .sigmoid:
      """
      def sigmoid(a, b, time, midpoint, width):
          left = 1 / (1 + exp(minimum((time - midpoint) / width, 700.0)))
          return a * left + b * (1 - left)
      """
    case .pick: pick(dialect)
    case .cycles: Self.cyclesText
    }
  }

  private func pick(_ dialect: PythonDialect) -> String {
    let element =
      switch dialect {
      case .math: "values[int(index)]"
      case .jax: "jnp.asarray(values)[index.astype(int)]"
      }
    return """
      def pick(values, time, length):
          \"""One of several values, each for an equal part of the length.\"""
          index = floor((time + TINY) / length * len(values))
          index = minimum(maximum(index, 0), len(values) - 1)
          return \(element)
      """
  }

  private static let cyclesText = """
    def cycles(
        cycle, time, length, total, count, stretch=1.0, decay=1.0, of="", rest=0.0, peak=0.0
    ):
        \"""A schedule again and again, each time `stretch` times as long and `decay` as high.\"""

        def start(index):
            if stretch == 1:
                return length * index
            return length * (stretch**index - 1) / (stretch - 1)

        near = maximum(time, 0) + TINY
        if stretch == 1:
            index = floor(near / length)
        else:
            index = floor(log(1 + near * (stretch - 1) / length) / log(stretch))
        index = maximum(minimum(index, count - 1), 0)
        index = where((index + 1 < count) & (start(index + 1) <= near), index + 1, index)
        # The end of the last cycle, not the beginning of one that is never entered.
        is_over = (time >= total - TINY) & (index > 0) & (start(index) >= total - TINY)
        index = where(is_over, index - 1, index)
        value = cycle(minimum((time - start(index)) / stretch**index, length))
        if of == "values":
            return value * decay**index
        if of == "amplitude":
            return rest + (value - rest) * decay**index
        if of == "peak" and peak > rest:
            part = (value - rest) / (peak - rest)
            return rest * (1 - part) + maximum(peak * decay**index, rest) * part
        return value
    """
}
