// A driver without a GPU: memory is the host's, every call is written to a log, kernels do nothing.
//
// INIT_RESULT is what `cuInit` answers, DEVICE_COUNT the number of GPUs, FAILING the name of a call
// that is refused. With LATE copies are made when somebody waits for them, as late as a GPU may make
// them: who changes the bytes before has changed what is copied. With STALLED nothing ever comes to its
// end for those who ask.
#include <stdlib.h>

#include "CUDADriver.h"
#include "FakeLog.h"

#ifndef INIT_RESULT
#define INIT_RESULT 0
#endif
#ifndef DEVICE_COUNT
#define DEVICE_COUNT 2
#endif
#ifndef LATE
#define LATE 0
#endif
#ifndef FAILING
#define FAILING ""
#endif
#ifndef STALLED
#define STALLED 0
#endif

// 719: a launch failed.
#define REFUSE_IF_FAILING                                                                         \
  if (strcmp(__func__, FAILING) == 0) return 719

static uintptr_t handleCount;
static CUDAHandle newHandle(const char *kind) {
  note("make %s %d", kind, (int)++handleCount);
  return (CUDAHandle)handleCount;
}
static int number(CUDAHandle handle) { return (int)(uintptr_t)handle; }

CUDAResult cuInit(unsigned int flags) { return flags == 0 ? INIT_RESULT : 1; }
CUDAResult cuDriverGetVersion(int *version) {
  *version = 13010;
  return 0;
}
CUDAResult cuGetErrorName(CUDAResult error, const char **name) {
  if (error == 719) *name = "CUDA_ERROR_LAUNCH_FAILED";
  if (error == 803) *name = "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH";
  return 0;
}
CUDAResult cuGetErrorString(CUDAResult error, const char **text) {
  if (error == 719) *text = "unspecified launch failure";
  return 0;
}
CUDAResult cuDeviceGetCount(int *count) {
  *count = DEVICE_COUNT;
  return 0;
}
CUDAResult cuDeviceGet(CUDADevice *device, int ordinal) {
  *device = 70 + ordinal;
  return 0;
}
CUDAResult cuDeviceGetName(char *name, int capacity, CUDADevice device) {
  snprintf(name, capacity, "Fake GPU %d", device);
  return 0;
}
CUDAResult cuDeviceTotalMem_v2(size_t *byteCount, CUDADevice device) {
  *byteCount = (size_t)8 << 30;
  return 0;
}
CUDAResult cuDeviceGetAttribute(int *value, int attribute, CUDADevice device) {
  *value = attribute == CUDA_DEVICE_COMPUTE_CAPABILITY_MAJOR ? 9 : 0;
  return attribute == 75 || attribute == 76 ? 0 : 1;
}
CUDAResult cuDeviceGetPCIBusId(char *text, int capacity, CUDADevice device) {
  REFUSE_IF_FAILING;
  snprintf(text, capacity, "0000:%d:00.0", device);
  return 0;
}
static CUDAHandle currentContext;
CUDAResult cuDevicePrimaryCtxRetain(CUDAHandle *context, CUDADevice device) {
  REFUSE_IF_FAILING;
  *context = currentContext = newHandle("context");
  return 0;
}
CUDAResult cuDevicePrimaryCtxRelease_v2(CUDADevice device) {
  note("release context of %d", device);
  return 0;
}
CUDAResult cuCtxSetCurrent(CUDAHandle context) { return context == currentContext ? 0 : 201; }

static int allocationCount;
static int queued, done;
static void workOff(int end);
CUDAResult cuMemGetInfo_v2(size_t *available, size_t *total) {
  *available = 12345;
  *total = (size_t)8 << 30;
  return 0;
}
CUDAResult cuMemAlloc_v2(CUDAAddress *address, size_t byteCount) {
  if (byteCount == 0) return 1;
  if (byteCount > (size_t)1 << 30) return 2;
  void *memory = NULL;
  if (posix_memalign(&memory, 256, byteCount) != 0) return 2;
  memset(memory, 0xA5, byteCount);
  *address = (CUDAAddress)(uintptr_t)memory;
  allocationCount++;
  return 0;
}
CUDAResult cuMemFree_v2(CUDAAddress address) {
  workOff(queued);
  free((void *)(uintptr_t)address);
  if (--allocationCount == 0) note("all memory is free");
  return 0;
}
CUDAResult cuMemHostAlloc(void **address, size_t byteCount, unsigned int flags) {
  *address = malloc(byteCount);
  return flags == 0 ? 0 : 1;
}
CUDAResult cuMemFreeHost(void *address) {
  free(address);
  return 0;
}

// What a stream has been given and has not done: copies, and bytes to set where there is no source.
static struct Copy {
  void *target;
  const void *source;
  int value;
  size_t byteCount;
} queue[1 << 16];
static int queued, done;
static void workOff(int end) {
  for (; done < end; done++) {
    struct Copy *copy = &queue[done % (1 << 16)];
    if (copy->source == NULL) memset(copy->target, copy->value, copy->byteCount);
    if (copy->source != NULL) memcpy(copy->target, copy->source, copy->byteCount);
  }
}
static CUDAResult give(struct Copy copy) {
  if (queued - done == 1 << 16) return 2;
  queue[queued++ % (1 << 16)] = copy;
  if (!LATE) workOff(queued);
  return 0;
}
CUDAResult cuMemcpyHtoDAsync_v2(
    CUDAAddress target, const void *source, size_t byteCount, CUDAHandle stream) {
  REFUSE_IF_FAILING;
  note("send %zu bytes on %d", byteCount, number(stream));
  return give((struct Copy){(void *)(uintptr_t)target, source, 0, byteCount});
}
CUDAResult cuMemcpyDtoHAsync_v2(
    void *target, CUDAAddress source, size_t byteCount, CUDAHandle stream) {
  note("fetch %zu bytes on %d", byteCount, number(stream));
  return give((struct Copy){target, (void *)(uintptr_t)source, 0, byteCount});
}
CUDAResult cuMemcpyDtoDAsync_v2(
    CUDAAddress target, CUDAAddress source, size_t byteCount, CUDAHandle stream) {
  note("copy %zu bytes on %d", byteCount, number(stream));
  return give(
      (struct Copy){(void *)(uintptr_t)target, (void *)(uintptr_t)source, 0, byteCount});
}
CUDAResult cuMemsetD8Async(
    CUDAAddress target, unsigned char value, size_t byteCount, CUDAHandle stream) {
  note("fill %zu bytes with %d on %d", byteCount, value, number(stream));
  return give((struct Copy){(void *)(uintptr_t)target, NULL, value, byteCount});
}

CUDAResult cuStreamCreate(CUDAHandle *stream, unsigned int flags) {
  *stream = newHandle("stream");
  return flags == 1 ? 0 : 1;
}
CUDAResult cuStreamSynchronize(CUDAHandle stream) {
  REFUSE_IF_FAILING;
  note("wait for %d", number(stream));
  workOff(queued);
  return 0;
}
CUDAResult cuStreamQuery(CUDAHandle stream) { return STALLED ? 600 : 0; }
CUDAResult cuStreamDestroy_v2(CUDAHandle stream) {
  note("destroy stream %d", number(stream));
  return 0;
}
CUDAResult cuStreamBeginCapture_v2(CUDAHandle stream, int mode) {
  note("capture on %d, mode %d", number(stream), mode);
  return 0;
}
CUDAResult cuStreamEndCapture(CUDAHandle stream, CUDAHandle *graph) {
  note("end capture on %d", number(stream));
  *graph = newHandle("graph");
  return 0;
}
CUDAResult cuGraphInstantiateWithFlags(
    CUDAHandle *executable, CUDAHandle graph, unsigned long long flags) {
  REFUSE_IF_FAILING;
  *executable = newHandle("executable graph");
  return flags == 0 ? 0 : 1;
}
CUDAResult cuGraphLaunch(CUDAHandle executable, CUDAHandle stream) {
  note("replay %d on %d", number(executable), number(stream));
  return 0;
}
CUDAResult cuGraphExecDestroy(CUDAHandle executable) {
  note("destroy executable graph %d", number(executable));
  return 0;
}
CUDAResult cuGraphDestroy(CUDAHandle graph) {
  note("destroy graph %d", number(graph));
  return 0;
}

// The times that events tell, in turn: three rounds a plan.
static const float times[] = {9, 8, 9, 5, 4, 4, 7, 7, 7};
static int timeCount;
// An event is its number; how much had been given to the stream when it was recorded.
static int eventCount, moments[256], recordedOn[256];
CUDAResult cuEventCreate(CUDAHandle *event, unsigned int flags) {
  *event = (CUDAHandle)(uintptr_t)(1000 + eventCount++ % 256);
  return flags == 0 ? 0 : 1;
}
CUDAResult cuEventRecord(CUDAHandle event, CUDAHandle stream) {
  moments[number(event) - 1000] = queued;
  recordedOn[number(event) - 1000] = number(stream);
  return 0;
}
CUDAResult cuEventSynchronize(CUDAHandle event) {
  const int moment = moments[number(event) - 1000];
  note("wait for event %d, %s", number(event), moment > done ? "in flight" : "passed");
  workOff(moment);
  return 0;
}
CUDAResult cuEventQuery(CUDAHandle event) { return STALLED ? 600 : 0; }
CUDAResult cuStreamWaitEvent(CUDAHandle stream, CUDAHandle event, unsigned int flags) {
  note(
      "let %d wait for event %d of %d", number(stream), number(event),
      recordedOn[number(event) - 1000]);
  return flags == 0 ? 0 : 1;
}
CUDAResult cuEventElapsedTime(float *milliseconds, CUDAHandle start, CUDAHandle end) {
  *milliseconds = times[timeCount++ % 9];
  return 0;
}
CUDAResult cuEventDestroy_v2(CUDAHandle event) { return 0; }

static char kernelName[64];
CUDAResult cuModuleLoadData(CUDAHandle *module, const void *image) {
  note("load %.12s", (const char *)image);
  *module = newHandle("module");
  return 0;
}
CUDAResult cuModuleUnload(CUDAHandle module) {
  note("unload module %d", number(module));
  return 0;
}
CUDAResult cuModuleGetFunction(CUDAHandle *function, CUDAHandle module, const char *name) {
  snprintf(kernelName, sizeof kernelName, "%s", name);
  *function = newHandle("function");
  return strcmp(name, "missing") == 0 ? 500 : 0;
}
CUDAResult cuLaunchKernel(
    CUDAHandle function, unsigned int gridX, unsigned int gridY, unsigned int gridZ,
    unsigned int blockX, unsigned int blockY, unsigned int blockZ, unsigned int sharedByteCount,
    CUDAHandle stream, void **parameters, void **extra) {
  REFUSE_IF_FAILING;
  note(
      "launch %s grid %u %u %u block %u %u %u shared %u on %d", kernelName, gridX, gridY, gridZ,
      blockX, blockY, blockZ, sharedByteCount, number(stream));
  for (int index = 0; parameters[index] != NULL; index++) {
    unsigned long long value;
    memcpy(&value, parameters[index], sizeof value);
    note("  %llx", value);
  }
  return extra == NULL ? 0 : 1;
}
