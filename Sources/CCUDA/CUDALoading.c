// For `dladdr`; before any header of the system.
#define _GNU_SOURCE
#include "CUDALoading.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *openLibrary(const char *path, int visibility, char *message, size_t capacity) {
  // All symbols are bound at once, so that a library that cannot run is refused here.
  void *handle = dlopen(path, RTLD_NOW | visibility);
  if (handle == NULL && capacity > 0) {
    const char *error = dlerror();
    snprintf(message, capacity, "%s", error != NULL ? error : "it cannot be opened");
  }
  return handle;
}

/// Fills a table of function pointers; what is missing is named in `message`.
static bool fillTable(
    void *handle, const char *const *names, size_t count, void **table, char *message,
    size_t capacity) {
  size_t length = 0;
  bool isComplete = true;
  for (size_t index = 0; index < count; index++) {
    table[index] = dlsym(handle, names[index]);
    if (table[index] != NULL) continue;
    const char *words = isComplete ? "it lacks " : ", ";
    isComplete = false;
    if (length < capacity) {
      int written = snprintf(message + length, capacity - length, "%s%s", words, names[index]);
      length += written > 0 ? (size_t)written : 0;
    }
  }
  return isComplete;
}

static const void *loadTable(
    const char *path, const char *const *names, size_t count, char *message, size_t capacity) {
  void *handle = openLibrary(path, RTLD_LOCAL, message, capacity);
  if (handle == NULL) return NULL;
  void **table = calloc(count, sizeof(void *));
  if (table != NULL && fillTable(handle, names, count, table, message, capacity)) return table;
  if (table == NULL) snprintf(message, capacity, "there is no memory for its functions");
  free(table);
  dlclose(handle);
  return NULL;
}

// A table is a structure of function pointers and nothing else: its fields are where those of an
// array of pointers would be.
#define NAME(result, name, parameters) #name,
#define LOADER(function, Functions, FUNCTIONS)                                                    \
  const Functions *function(const char *path, char *message, size_t capacity) {                   \
    static const char *const names[] = {FUNCTIONS(NAME)};                                         \
    _Static_assert(                                                                               \
        sizeof(Functions) == sizeof(names) && sizeof(void (*)(void)) == sizeof(void *),           \
        "a name for every field");                                                                \
    return loadTable(path, names, sizeof(names) / sizeof(names[0]), message, capacity);           \
  }

LOADER(cudaLoadDriver, CUDADriverFunctions, CUDA_DRIVER_FUNCTIONS)
LOADER(cudaLoadNVRTC, NVRTCFunctions, NVRTC_FUNCTIONS)
LOADER(cudaLoadCUDNN, CUDNNFunctions, CUDNN_FUNCTIONS)
LOADER(cudaLoadNCCL, NCCLFunctions, NCCL_FUNCTIONS)

bool cudaLoadDependency(const char *path, char *message, size_t capacity) {
  return openLibrary(path, RTLD_LOCAL, message, capacity) != NULL;
}

bool cudaFileOfFunction(const void *function, char *path, size_t capacity) {
  Dl_info info;
  if (dladdr(function, &info) == 0 || info.dli_fname == NULL) return false;
  int length = snprintf(path, capacity, "%s", info.dli_fname);
  return length > 0 && (size_t)length < capacity;
}
