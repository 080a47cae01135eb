/// A form that other programs read a plan in.
public enum ExportForm: String, Sendable, Hashable, Codable, CaseIterable {
  /// A Python module for PyTorch: a class of its own where one has the schedule, else `LambdaLR` over
  /// written functions; momentum and weight decay are set beside the rate.
  case pytorch
  /// A Python module for optax: its schedules joined where they suffice, else functions of `jax.numpy`.
  case optax
  /// A heading and a line of values for each step.
  case csv
  /// `{"steps": N, "values": {"learningRate": […], …}}`.
  case json
  /// DAWNBench's `{"type": "piecewiseLinear", "epochs": […], "values": […]}` for the learning rate.
  case dawnbench
}

extension Plan {
  /// The plan over a run, in a form for another program.
  ///
  /// Programs and tables hold to the values of this package at every step of the run; a program is
  /// made of formulas, except for schedules that have none in Python (noise, curves of your own),
  /// whose values it lists.
  ///
  /// - Parameters:
  ///   - form: The form.
  ///   - horizon: The run.
  /// - Returns: The text of a file, its last line ended.
  /// - Throws: A ``ScheduleError`` where the plan does not fit the run or cannot take the form.
  public func exported(to form: ExportForm, over horizon: Horizon) throws(ScheduleError) -> String {
    let resolved = try resolved(over: horizon)
    switch form {
    case .pytorch: return try PyTorchExport(self, resolved, horizon).text()
    case .optax: return OptaxExport(self, resolved, horizon).text
    case .csv: return resolved.table
    case .json: return resolved.json
    case .dawnbench: return try dawnBench(resolved, horizon)
    }
  }
}

// MARK: - Tables

extension ResolvedPlan {
  /// The names with their groups, and the values that a run uses: integers are rounded.
  private var columns: [(name: String, values: [String])] {
    entries.map { entry in
      let name = (entry.group.map { $0 + ":" } ?? "") + entry.name
      guard entry.key.isInteger else { return (name, entry.values.map(formatted)) }
      let integers = ResolvedIntegers(values: entry.values, multiple: entry.multiple)
      return (name, integers.map(String.init))
    }
  }

  fileprivate var table: String {
    let columns = columns
    var lines = [(["step"] + columns.map { quoted($0.name) }).joined(separator: ",")]
    for step in 0..<stepCount {
      lines.append((["\(step)"] + columns.map { $0.values[step] }).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  fileprivate var json: String {
    let values = columns.map { column in
      "\(JSONValue.string(column.name).text):[\(column.values.joined(separator: ","))]"
    }
    return "{\"steps\":\(stepCount),\"values\":{\(values.joined(separator: ","))}}\n"
  }

  /// A field as RFC 4180 quotes it.
  private func quoted(_ field: String) -> String {
    guard field.contains(where: { $0 == "," || $0 == "\"" }) else { return field }
    return "\""
      + field.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}

extension JSONValue {
  /// A string with JSON's escapes, which are Python's too.
  fileprivate var text: String {
    guard case .string(let string) = self else { return description }
    return quotedText(string)
  }
}

/// A string between quotation marks, as JSON and Python read it.
func quotedText(_ string: String) -> String {
  var text = "\""
  for scalar in string.unicodeScalars {
    switch scalar {
    case "\"", "\\": text += "\\\(scalar)"
    case _ where scalar.value < 0x20:
      let digits = String(scalar.value, radix: 16)
      text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: text.unicodeScalars.append(scalar)
    }
  }
  return text + "\""
}
