/// Every command of the program.
///
/// Parsing, help, errors and completions derive from this table.
enum CommandTable {
  static let root = Command(
    name: "anneal",
    summary: "Learning-rate and momentum schedules: write, see, import, train with, compare",
    action: .group([
      Reproduce.command,
      Find.command,
      Train.command,
      WriteRecipe.command,
      Evaluate.command,
      DAWNBench.command,
      Compare.command,
      PlotRuns.command,
      Explore.command,
      Command(
        name: "schedule", summary: "Schedules: see, compare, check, import, export",
        action: .group([
          ScheduleShow.command, ScheduleLint.command, ScheduleDiff.command, ScheduleSplice.command,
          ScheduleImport.command, ScheduleExport.command, ScheduleDraw.command,
        ])),
      Command(
        name: "network", summary: "The networks that can be trained",
        action: .group([NetworkList.command, NetworkShow.command])),
      Command(
        name: "data", summary: "The data sets to train on",
        action: .group([DataList.command, DataFetch.command])),
      Command(
        name: "bench", summary: "Time this program beside the machine's own ceiling",
        action: .group([
          BenchTrain.command, BenchLoader.command, BenchKernels.command, BenchSchedules.command,
        ])),
      Command(
        name: "notebook", summary: "Notebooks with a kernel for Swift",
        action: .group([NotebookInstall.command])),
      Devices.command,
      Completions.command,
    ]))
}
