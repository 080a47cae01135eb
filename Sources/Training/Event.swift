/// What happens in a training, with what is known at that moment.
public enum Event: Sendable {
  /// The network has its initial parameters, or those of a checkpoint; no step has been made in this
  /// process.
  case runBegan(RunStart)
  /// The first step of an epoch, counted from 0, is next; or the first one that a resumed run makes
  /// of it.
  case epochBegan(Int)
  /// An update has been made.
  case stepEnded(StepRecord)
  /// An epoch's steps have been made and the network has been evaluated.
  case epochEnded(EpochRecord)
  /// No further step will be made.
  case runEnded(RunResult)
}

/// What is known of a run before its first step.
public struct RunStart: Hashable, Sendable {
  /// What was asked for.
  public let recipe: Recipe
  /// Trained values of the network.
  public let parameterCount: Int
  /// What each epoch's images come in, and the steps.
  public let timetable: Timetable
  /// The step to begin with: 0, or where a resumed run goes on.
  public let firstStep: Int
  /// Images in the test split.
  public let testCount: Int

  /// Updates of the whole run.
  public var stepCount: Int { timetable.stepCount }
}

/// One update.
public struct StepRecord: Hashable, Sendable {
  /// The update's number in the run, from 0.
  public let step: Int
  /// The epoch it belongs to, from 0.
  public let epoch: Int
  /// The learning rate in force during the update.
  public let learningRate: Double
  /// The momentum in force during the update.
  public let momentum: Double
  /// The batch's mean loss before the update; nil where no callback asked for it.
  public let loss: Double?

  /// Makes a record.
  public init(step: Int, epoch: Int, learningRate: Double, momentum: Double, loss: Double?) {
    self.step = step
    self.epoch = epoch
    self.learningRate = learningRate
    self.momentum = momentum
    self.loss = loss
  }
}

/// One pass over the training data, and what the network is worth after it.
public struct EpochRecord: Hashable, Sendable {
  /// The epoch's number, from 0.
  public let epoch: Int
  /// The mean of the step losses that were read; nil where none was.
  public let trainLoss: Double?
  /// The mean loss over the test split, without label smoothing.
  public let testLoss: Double
  /// The share of the test split that is classified rightly, 0…1.
  public let testAccuracy: Double
  /// Seconds since the run began, evaluations included, interruptions left out.
  public let wallSeconds: Double
  /// Training images per second in this epoch, evaluation left out.
  public let imagesPerSecond: Double

  /// Makes a record.
  public init(
    epoch: Int, trainLoss: Double?, testLoss: Double, testAccuracy: Double, wallSeconds: Double,
    imagesPerSecond: Double
  ) {
    self.epoch = epoch
    self.trainLoss = trainLoss
    self.testLoss = testLoss
    self.testAccuracy = testAccuracy
    self.wallSeconds = wallSeconds
    self.imagesPerSecond = imagesPerSecond
  }
}

/// The step at which the loss stopped being a number, or of any use.
public struct Divergence: Hashable, Sendable, CustomStringConvertible {
  /// The update's number in the run, from 0.
  public let step: Int
  /// Its epoch, from 0.
  public let epoch: Int
  /// The learning rate in force during the update.
  public let learningRate: Double
  /// The loss: not a number, infinite, or beyond the limit.
  public let loss: Double

  /// Makes a record.
  public init(step: Int, epoch: Int, learningRate: Double, loss: Double) {
    self.step = step
    self.epoch = epoch
    self.learningRate = learningRate
    self.loss = loss
  }

  /// One sentence with step, epoch and learning rate.
  public var description: String {
    "the training diverged at step \(step) (epoch \(epoch)): the loss is \(loss) "
      + "at a learning rate of \(learningRate)"
  }
}

/// How a run ended.
public enum Outcome: Hashable, Sendable {
  /// All its steps were made.
  case completed
  /// A callback had seen enough.
  case stopped
  /// The loss was not finite, or beyond any use.
  case diverged(Divergence)
  /// Somebody asked the program to stop.
  case interrupted
}

/// What a run came to.
public struct RunResult: Hashable, Sendable {
  /// How it ended.
  public let outcome: Outcome
  /// Its complete epochs, with those before the checkpoint that it went on from.
  public let epochs: [EpochRecord]
  /// The updates that were made.
  public let stepCount: Int
  /// Seconds from beginning to end; the time between interruption and resumption does not count.
  public let wallSeconds: Double

  /// The share of the test split classified rightly after the last complete epoch, 0…1.
  public var testAccuracy: Double? { epochs.last?.testAccuracy }
}
