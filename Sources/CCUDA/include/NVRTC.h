// libnvrtc: compiles CUDA C at run time.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// What every call of the compiler answers: 0, or the number of an error.
typedef int32_t NVRTCResult;
/// A program being compiled.
typedef void *NVRTCProgram;

/// F(result, symbol, parameters) for every function that is used.
#define NVRTC_FUNCTIONS(F)                                                                        \
  F(NVRTCResult, nvrtcVersion, (int *_Nonnull major, int *_Nonnull minor))                        \
  F(const char *_Nonnull, nvrtcGetErrorString, (NVRTCResult result))                              \
  F(NVRTCResult, nvrtcCreateProgram,                                                              \
    (NVRTCProgram _Nullable *_Nonnull program, const char *_Nonnull source,                       \
     const char *_Nullable name, int headerCount, const char *_Nonnull const *_Nullable headers,  \
     const char *_Nonnull const *_Nullable includeNames))                                         \
  F(NVRTCResult, nvrtcDestroyProgram, (NVRTCProgram _Nullable *_Nonnull program))                 \
  F(NVRTCResult, nvrtcCompileProgram, (NVRTCProgram _Nonnull program, int optionCount,            \
                                       const char *_Nullable const *_Nullable options))           \
  F(NVRTCResult, nvrtcGetProgramLogSize, (NVRTCProgram _Nonnull program,                          \
                                          size_t *_Nonnull byteCount))                            \
  F(NVRTCResult, nvrtcGetProgramLog, (NVRTCProgram _Nonnull program, char *_Nonnull log))         \
  F(NVRTCResult, nvrtcGetCUBINSize, (NVRTCProgram _Nonnull program, size_t *_Nonnull byteCount))  \
  F(NVRTCResult, nvrtcGetCUBIN, (NVRTCProgram _Nonnull program, char *_Nonnull cubin))

#define NVRTC_FIELD(result, name, parameters) result(*_Nonnull name) parameters;

/// The functions of the compiler.
typedef struct {
  NVRTC_FUNCTIONS(NVRTC_FIELD)
} NVRTCFunctions;
