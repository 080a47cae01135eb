import CUDABackend

extension CommandError {
  /// What the CUDA backend reported; `nil` for errors of others.
  static func cuda(_ error: any Error) -> CommandError? {
    guard let error = error as? CUDABackendError else { return nil }
    return .failure(.unavailable, error.description)
  }
}
