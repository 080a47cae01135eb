/// The candidate that a misspelt word most likely stands for, or `nil` when none is close.
///
/// A candidate that begins with the word (or the other way round, from three letters on) is close; so is one within a third
/// of its own length in edits, where swapping two neighbours counts once. The first of equals wins,
/// so the order of a table decides.
func nearestName(to word: String, in candidates: [String]) -> String? {
  // No candidate is nearly as long as that.
  let typed = word.prefix(64).lowercased()
  var best: (name: String, distance: Int)?
  for candidate in candidates {
    let name = candidate.lowercased()
    let isAbbreviation = typed.count >= 3 && (name.hasPrefix(typed) || typed.hasPrefix(name))
    let distance = isAbbreviation ? 1 : editDistance(Array(typed), Array(name))
    guard distance <= max(1, name.count / 3), distance < best?.distance ?? .max else { continue }
    best = (candidate, distance)
  }
  return best?.name
}

/// The number of insertions, deletions, replacements and swaps of neighbours between two words.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...b.count)
  for i in a.indices {
    var current = [i + 1]
    for j in b.indices {
      var distance = previous[j] + (a[i] == b[j] ? 0 : 1)
      distance = min(distance, previous[j + 1] + 1, current[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        distance = min(distance, beforePrevious[j - 1] + 1)
      }
      current.append(distance)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.count]
}
