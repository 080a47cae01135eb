// The cases and the reference that backends are held against are part of the program's self-test; the
// tests use the same.
@_exported public import BackendCases
