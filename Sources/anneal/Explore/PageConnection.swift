import Training

/// One connection of a browser: what came in, what is still to go out, and until when.
struct PageConnection {
  /// Seconds that a request may take to arrive, an answer may rest, and a kept connection may.
  static let patience = 15.0
  /// Seconds that are left to a client to end a connection after its last answer.
  static let farewell = 2.0
  /// Bytes that a slow reader of events may be behind.
  static let backlogLimit = 8_000_000
  /// Bytes of answers beyond which no further request is looked at before some are read.
  static let answerLimit = 1_000_000

  private enum Phase {
    case answering
    case streaming
    /// No request is looked at any more; what is left to send is sent.
    case ending
    /// All is sent and said to be. What still comes is read away: a connection that is closed on
    /// unread bytes takes the answer with it.
    case draining
  }

  private var phase = Phase.answering
  private var parser = RequestParser()
  private var output: [UInt8] = []
  /// How much of the output is sent.
  private var sent = 0
  /// Whether the client has said that it sends no more.
  private var hasEnded = false
  /// Whether the last look at the input found a request, so that another may follow it.
  private var hasRequest = false
  private var deadline: Double

  /// A connection that waits for requests.
  init(at time: Double) { deadline = time + Self.patience }

  /// A connection too many, which is told so.
  init(refusedAt time: Double) {
    self.init(at: time)
    end(with: HTTPResponse(status: 503, "too many connections\n"))
  }

  /// Bytes that wait to be sent.
  var pendingCount: Int { output.count - sent }

  /// Whether something that comes in is of interest.
  var isReading: Bool {
    !hasEnded && (phase == .draining || phase == .streaming || pendingCount < Self.answerLimit)
  }

  /// Adds events to a stream of them.
  mutating func broadcast(_ bytes: [UInt8], at time: Double) {
    guard phase == .streaming else { return }
    if pendingCount == 0 { deadline = time + Self.patience }
    output += bytes
  }

  /// Reads, answers and sends what can be at once; whether the connection stays.
  mutating func serve(
    _ descriptor: Int32, at time: Double, answer: (HTTPRequest) -> HTTPResponse
  ) -> Bool {
    if isReading {
      switch Descriptors.receive(descriptor) {
      case .bytes(let bytes):
        if phase == .answering {
          // Whoever sends a byte now and then gets no more time than others.
          if !parser.isInside { deadline = time + Self.patience }
          parser.append(bytes)
        }
      case .nothing: break
      case .end: hasEnded = true
      }
    }
    repeat {
      if phase == .answering { self.answer(at: time, answer) }
      guard send(to: descriptor, at: time) else { return false }
    } while pendingCount == 0 && phase == .answering && hasRequest
    if phase == .draining { return !hasEnded && time <= deadline }
    if hasEnded {
      // A client may end its half and still read its answer; nobody reads a stream so.
      guard phase != .streaming, pendingCount > 0 else { return false }
      phase = .ending
    } else if phase == .ending, pendingCount == 0 {
      Descriptors.endSending(descriptor)
      (phase, deadline) = (.draining, time + Self.farewell)
    }
    if time <= deadline || phase == .streaming && pendingCount == 0 { return true }
    // One that stopped in the middle of a request is told; one that rests is closed.
    guard phase == .answering, parser.isInside, pendingCount == 0 else { return false }
    end(with: HTTPResponse(status: 408, "the request took too long\n"))
    deadline = time + Self.patience
    return true
  }

  private mutating func answer(at time: Double, _ answer: (HTTPRequest) -> HTTPResponse) {
    hasRequest = false
    while phase == .answering, pendingCount < Self.answerLimit {
      do throws(RequestParser.Refusal) {
        guard let request = try parser.next() else { return }
        hasRequest = true
        deadline = time + Self.patience
        let response = answer(request)
        let hasBody = request.method != .head
        output += response.bytes(includesBody: hasBody, keepsAlive: request.keepsAlive)
        if response.isStream, hasBody {
          phase = .streaming
        } else if response.isStream || !request.keepsAlive {
          phase = .ending
        }
      } catch {
        end(with: HTTPResponse(error))
      }
    }
  }

  private mutating func end(with response: HTTPResponse) {
    output += response.bytes(keepsAlive: false)
    phase = .ending
  }

  /// Sends what fits; whether the connection is whole.
  private mutating func send(to descriptor: Int32, at time: Double) -> Bool {
    guard pendingCount > 0 else { return true }
    guard let count = Descriptors.send(output[sent...], to: descriptor) else { return false }
    sent += count
    if count > 0 { deadline = time + Self.patience }
    if pendingCount == 0 {
      (output, sent) = ([], 0)
    } else if sent > Self.answerLimit {
      output.removeFirst(sent)
      sent = 0
    }
    return pendingCount <= Self.backlogLimit
  }
}
