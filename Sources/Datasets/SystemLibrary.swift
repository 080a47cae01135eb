#if canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#elseif canImport(Darwin)
private import Darwin
#endif

/// A library of the system, loaded when it is first needed; it stays loaded for the life of the process.
@safe
struct SystemLibrary {
  private let handle: UnsafeMutableRawPointer

  /// Loads a library; nil where the system has none of that name.
  init?(_ name: String) {
    guard let handle = unsafe dlopen(name, RTLD_NOW) else { return nil }
    unsafe self.handle = handle
  }

  /// One of its functions; nil where it has none of that name.
  ///
  /// - Parameters:
  ///   - name: The function's name in C.
  ///   - type: Its type, `@convention(c)`, which nothing checks.
  /// - Returns: The function.
  func function<Function>(_ name: String, as type: Function.Type) -> Function? {
    unsafe dlsym(handle, name).map { unsafe unsafeBitCast($0, to: type) }
  }
}
