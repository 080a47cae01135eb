import Datasets

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `anneal notebook install`: gives Jupyter a kernel for Swift.
enum NotebookInstall {
  private static let environment = Option.optional(
    "venv", "DIR", .directory, "a virtual environment to use, or to make")
  private static let python = Option.value(
    "python", "PYTHON", .text, default: "python3", "a Python that has Jupyter or makes DIR"
  ).completed(by: .file)
  private static let user = Option.flag(
    "user", "for all of the user's Jupyters, not this Python's alone")

  static let command = Command(
    name: "install",
    summary: "Give Jupyter a kernel for Swift, so that Anneal's notebooks run",
    options: [environment.declaration, python.declaration, user.declaration],
    examples: ["anneal notebook install --venv ~/.anneal-notebooks"],
    action: .run(run))

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let notebooks = try folder(below: DatasetLocation().folders)
    var python = try arguments(python)
    guard ChildProcess(words: [python, "--version"]).run(output: .nowhere) == 0 else {
      throw CommandError.failure(
        .missingInput,
        "cannot run '\(python)'; install Python 3.9 or later, or name one with --python")
    }
    var start = "jupyter lab"
    if let environment = try arguments(environment) {
      let folder = URL(filePath: environment).path
      python = try prepare(folder, with: python, console)
      start = "\(folder)/bin/jupyter lab"
    }
    let package = URL(filePath: notebooks).deletingLastPathComponent().path
    let installer =
      "import sys; sys.path.insert(0, \(quoted("\(notebooks)/kernel"))); "
      + "from anneal_kernel.install import main; main()"
    let words =
      [python, "-c", installer, "--package", package] + (try arguments(user) ? ["--user"] : [])
    guard ChildProcess(words: words).run() == 0 else {
      throw CommandError.failure(
        .unavailable, "the kernel was not installed; what is missing stands above")
    }
    try console.print("\(start) \(notebooks)")
    console.report("starts JupyterLab; the first cell builds the package, which takes some minutes")
    return .done
  }

  /// Makes a virtual environment with JupyterLab, as far as it is not there.
  ///
  /// - Returns: Its Python.
  private static func prepare(
    _ folder: String, with python: String, _ console: Console
  ) throws(CommandError) -> String {
    let own = "\(folder)/bin/python"
    if !FileManager.default.fileExists(atPath: own) {
      let probe = ChildProcess(words: [python, "-c", "import venv, ensurepip"])
      guard probe.run(output: .nowhere) == 0 else {
        throw .failure(
          .unavailable,
          "'\(python)' cannot make virtual environments; on Debian and Ubuntu: "
            + "apt-get install python3-venv")
      }
      console.report("making \(folder)")
      guard ChildProcess(words: [python, "-m", "venv", folder]).run() == 0 else {
        throw .failure(.cannotWrite, "the virtual environment \(folder) was not made")
      }
    }
    let isThere = ChildProcess(words: [own, "-c", "import jupyterlab, ipykernel"])
    if isThere.run(output: .nowhere) != 0 {
      console.report("installing JupyterLab with pip, which needs a network")
      let pip = ChildProcess(
        words: [own, "-m", "pip", "install", "--quiet", "jupyterlab", "ipykernel"])
      guard pip.run() == 0 else {
        throw .failure(
          .unavailable, "pip could not install JupyterLab in \(folder); its reasons stand above")
      }
    }
    return own
  }

  /// The folder with the notebooks and their kernel: beside a folder with data.
  static func folder(below folders: [String]) throws(CommandError) -> String {
    let candidates = folders.filter { $0.hasSuffix("/data") }.map {
      "\($0.dropLast("/data".count))/Notebooks"
    }
    for candidate in candidates
    where FileManager.default.fileExists(atPath: "\(candidate)/kernel/pyproject.toml") {
      return candidate
    }
    throw .failure(
      .missingInput,
      "expected the kernel in one of these folders, found none: "
        + candidates.joined(separator: " "))
  }

  /// A text as Python's source has it.
  static func quoted(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
    return "'\(escaped)'"
  }
}
