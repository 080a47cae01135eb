// libcuda: the part of the NVIDIA driver that programs talk to.
//
// The binary interface is stable: a symbol whose meaning changed got a suffix (`_v2`), and the old
// one stayed. Handles are opaque pointers, enumerations are `int`.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// What every call of the driver answers: 0, or the number of an error.
typedef int32_t CUDAResult;
/// A device's number among the devices of the driver.
typedef int32_t CUDADevice;
/// An address in a device's memory.
typedef uint64_t CUDAAddress;
/// A context, stream, event, module, function, graph: something that the driver made.
typedef void *CUDAHandle;

/// F(result, symbol, parameters) for every function that is used.
#define CUDA_DRIVER_FUNCTIONS(F)                                                                  \
  F(CUDAResult, cuInit, (unsigned int flags))                                                     \
  F(CUDAResult, cuDriverGetVersion, (int *_Nonnull version))                                      \
  F(CUDAResult, cuGetErrorName, (CUDAResult error, const char *_Nullable *_Nonnull name))         \
  F(CUDAResult, cuGetErrorString, (CUDAResult error, const char *_Nullable *_Nonnull text))       \
  F(CUDAResult, cuDeviceGetCount, (int *_Nonnull count))                                          \
  F(CUDAResult, cuDeviceGet, (CUDADevice *_Nonnull device, int ordinal))                          \
  F(CUDAResult, cuDeviceGetName, (char *_Nonnull name, int capacity, CUDADevice device))          \
  F(CUDAResult, cuDeviceTotalMem_v2, (size_t *_Nonnull byteCount, CUDADevice device))             \
  F(CUDAResult, cuDeviceGetAttribute, (int *_Nonnull value, int attribute, CUDADevice device))    \
  F(CUDAResult, cuDeviceGetPCIBusId, (char *_Nonnull text, int capacity, CUDADevice device))      \
  F(CUDAResult, cuDevicePrimaryCtxRetain, (CUDAHandle _Nullable *_Nonnull context,                \
                                           CUDADevice device))                                    \
  F(CUDAResult, cuDevicePrimaryCtxRelease_v2, (CUDADevice device))                                \
  F(CUDAResult, cuCtxSetCurrent, (CUDAHandle _Nullable context))                                  \
  F(CUDAResult, cuMemGetInfo_v2, (size_t *_Nonnull free, size_t *_Nonnull total))                 \
  F(CUDAResult, cuMemAlloc_v2, (CUDAAddress *_Nonnull address, size_t byteCount))                 \
  F(CUDAResult, cuMemFree_v2, (CUDAAddress address))                                              \
  F(CUDAResult, cuMemHostAlloc, (void *_Nullable *_Nonnull address, size_t byteCount,             \
                                 unsigned int flags))                                             \
  F(CUDAResult, cuMemFreeHost, (void *_Nonnull address))                                          \
  F(CUDAResult, cuMemcpyHtoDAsync_v2, (CUDAAddress target, const void *_Nonnull source,           \
                                       size_t byteCount, CUDAHandle _Nullable stream))            \
  F(CUDAResult, cuMemcpyDtoHAsync_v2, (void *_Nonnull target, CUDAAddress source,                 \
                                       size_t byteCount, CUDAHandle _Nullable stream))            \
  F(CUDAResult, cuMemcpyDtoDAsync_v2, (CUDAAddress target, CUDAAddress source,                    \
                                       size_t byteCount, CUDAHandle _Nullable stream))            \
  F(CUDAResult, cuMemsetD8Async, (CUDAAddress target, unsigned char value, size_t byteCount,      \
                                  CUDAHandle _Nullable stream))                                   \
  F(CUDAResult, cuStreamCreate, (CUDAHandle _Nullable *_Nonnull stream, unsigned int flags))      \
  F(CUDAResult, cuStreamSynchronize, (CUDAHandle _Nullable stream))                               \
  F(CUDAResult, cuStreamQuery, (CUDAHandle _Nullable stream))                                     \
  F(CUDAResult, cuStreamWaitEvent, (CUDAHandle _Nullable stream, CUDAHandle _Nonnull event,       \
                                    unsigned int flags))                                          \
  F(CUDAResult, cuStreamDestroy_v2, (CUDAHandle _Nonnull stream))                                 \
  F(CUDAResult, cuStreamBeginCapture_v2, (CUDAHandle _Nonnull stream, int mode))                  \
  F(CUDAResult, cuStreamEndCapture, (CUDAHandle _Nonnull stream,                                  \
                                     CUDAHandle _Nullable *_Nonnull graph))                       \
  F(CUDAResult, cuGraphInstantiateWithFlags, (CUDAHandle _Nullable *_Nonnull executable,          \
                                              CUDAHandle _Nonnull graph,                          \
                                              unsigned long long flags))                          \
  F(CUDAResult, cuGraphLaunch, (CUDAHandle _Nonnull executable, CUDAHandle _Nonnull stream))      \
  F(CUDAResult, cuGraphExecDestroy, (CUDAHandle _Nonnull executable))                             \
  F(CUDAResult, cuGraphDestroy, (CUDAHandle _Nonnull graph))                                      \
  F(CUDAResult, cuEventCreate, (CUDAHandle _Nullable *_Nonnull event, unsigned int flags))        \
  F(CUDAResult, cuEventRecord, (CUDAHandle _Nonnull event, CUDAHandle _Nullable stream))          \
  F(CUDAResult, cuEventQuery, (CUDAHandle _Nonnull event))                                        \
  F(CUDAResult, cuEventSynchronize, (CUDAHandle _Nonnull event))                                  \
  F(CUDAResult, cuEventElapsedTime, (float *_Nonnull milliseconds, CUDAHandle _Nonnull start,     \
                                     CUDAHandle _Nonnull end))                                    \
  F(CUDAResult, cuEventDestroy_v2, (CUDAHandle _Nonnull event))                                   \
  F(CUDAResult, cuModuleLoadData, (CUDAHandle _Nullable *_Nonnull module,                         \
                                   const void *_Nonnull image))                                   \
  F(CUDAResult, cuModuleUnload, (CUDAHandle _Nonnull module))                                     \
  F(CUDAResult, cuModuleGetFunction, (CUDAHandle _Nullable *_Nonnull function,                    \
                                      CUDAHandle _Nonnull module, const char *_Nonnull name))     \
  F(CUDAResult, cuLaunchKernel,                                                                   \
    (CUDAHandle _Nonnull function, unsigned int gridX, unsigned int gridY, unsigned int gridZ,    \
     unsigned int blockX, unsigned int blockY, unsigned int blockZ,                               \
     unsigned int sharedByteCount, CUDAHandle _Nullable stream,                                   \
     void *_Nullable *_Nullable parameters, void *_Nullable *_Nullable extra))

#define CUDA_FIELD(result, name, parameters) result(*_Nonnull name) parameters;

/// The functions of the driver.
typedef struct {
  CUDA_DRIVER_FUNCTIONS(CUDA_FIELD)
} CUDADriverFunctions;

/// Answers of the driver that mean more than a failure.
enum {
  CUDA_ERROR_OUT_OF_MEMORY = 2,
  CUDA_ERROR_NO_DEVICE = 100,
  CUDA_ERROR_NOT_READY = 600,
};

/// What `cuDeviceGetAttribute` is asked for.
enum {
  CUDA_DEVICE_COMPUTE_CAPABILITY_MAJOR = 75,
  CUDA_DEVICE_COMPUTE_CAPABILITY_MINOR = 76,
};

/// A stream that does not wait for the default stream.
enum { CUDA_STREAM_NON_BLOCKING = 1 };

/// A capture that other threads' calls cannot break.
enum { CUDA_STREAM_CAPTURE_MODE_THREAD_LOCAL = 1 };
