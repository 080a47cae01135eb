// A cuDNN with four engines, numbered from 10. Engine 11 makes no plan, engine 12 sums in the order in
// which threads come, all use tensor cores but 13. Nothing adds to what is there.
#include <stdlib.h>

#include "CUDNN.h"
#include "FakeLog.h"

typedef struct {
  int type;
  int engine;
  int mode;
  int adds;
  long long operands[4];
} Descriptor;

size_t cudnnGetVersion(void) { return 91900; }
const char *cudnnGetErrorString(CUDNNStatus status) {
  return status == 3000 ? "CUDNN_STATUS_NOT_SUPPORTED" : "CUDNN_STATUS_BAD_PARAM";
}
void cudnnGetLastErrorString(char *text, size_t capacity) {
  snprintf(text, capacity, "not\nfor this shape");
}
CUDNNStatus cudnnCreate(CUDNNHandle *handle) {
  *handle = (CUDNNHandle)1;
  return 0;
}
CUDNNStatus cudnnDestroy(CUDNNHandle handle) {
  note("destroy cuDNN");
  return 0;
}
CUDNNStatus cudnnSetStream(CUDNNHandle handle, void *stream) {
  note("cuDNN on stream %d", (int)(uintptr_t)stream);
  return 0;
}
CUDNNStatus cudnnBackendCreateDescriptor(int type, CUDNNDescriptor *descriptor) {
  Descriptor *made = calloc(1, sizeof(Descriptor));
  made->type = type;
  *descriptor = made;
  return 0;
}
CUDNNStatus cudnnBackendDestroyDescriptor(CUDNNDescriptor descriptor) {
  free(descriptor);
  return 0;
}
CUDNNStatus cudnnBackendSetAttribute(
    CUDNNDescriptor descriptor, int attribute, int type, int64_t count, const void *values) {
  Descriptor *self = descriptor;
  Descriptor *other = NULL;
  if (type == CUDNN_TYPE_DESCRIPTOR) memcpy(&other, values, sizeof other);
  if (attribute == CUDNN_FORWARD_BETA || attribute == CUDNN_BACKWARD_DATA_BETA
      || attribute == CUDNN_BACKWARD_FILTER_BETA) {
    self->adds = *(const float *)values != 0;
  }
  if (attribute == CUDNN_GRAPH_OPERATIONS || attribute == CUDNN_HEURISTICS_OPERATION_GRAPH) {
    self->adds = other->adds;
  }
  if (attribute == CUDNN_HEURISTICS_MODE) self->mode = *(const int *)values;
  if (attribute == CUDNN_PLAN_ENGINE_CONFIGURATION) self->engine = other->engine;
  if (attribute == CUDNN_VARIANT_PACK_POINTERS) memcpy(self->operands, values, 24);
  if (attribute == CUDNN_VARIANT_PACK_WORKSPACE) memcpy(self->operands + 3, values, 8);
  return 0;
}
CUDNNStatus cudnnBackendGetAttribute(
    CUDNNDescriptor descriptor, int attribute, int type, int64_t capacity, int64_t *count,
    void *values) {
  Descriptor *self = descriptor;
  int isFallback = self->mode == CUDNN_HEURISTICS_FALLBACK;
  switch (attribute) {
    case CUDNN_HEURISTICS_RESULTS:
      *count = isFallback ? 1 : 3;
      for (int index = 0; index < capacity && index < *count; index++) {
        ((Descriptor **)values)[index]->engine = isFallback ? 13 : 10 + index;
      }
      return 0;
    case CUDNN_CONFIGURATION_ENGINE:
      *count = 1;
      (*(Descriptor **)values)->engine = self->engine;
      return 0;
    case CUDNN_ENGINE_INDEX:
      *count = 1;
      *(int64_t *)values = self->engine;
      return 0;
    case CUDNN_ENGINE_NUMERICAL_NOTES:
      *count = self->engine == 13 ? 0 : self->engine == 12 ? 2 : 1;
      ((int *)values)[0] = CUDNN_NOTE_TENSOR_CORE;
      ((int *)values)[1] = CUDNN_NOTE_NONDETERMINISTIC;
      return 0;
    case CUDNN_PLAN_WORKSPACE_SIZE:
      *count = 1;
      *(int64_t *)values = 100 * self->engine;
      return 0;
    case CUDNN_DEVICE_PROPERTIES_JSON:
      *count = sizeof "{\"deviceVer\": 900}";
      if (capacity >= *count) memcpy(values, "{\"deviceVer\": 900}", *count);
      return 0;
    default: return 2000;
  }
}
CUDNNStatus cudnnBackendFinalize(CUDNNDescriptor descriptor) {
  Descriptor *self = descriptor;
  if (self->type == CUDNN_ENGINE_HEURISTICS && self->adds) return 3000;
  return self->type == CUDNN_EXECUTION_PLAN && self->engine == 11 ? 3000 : 0;
}
CUDNNStatus cudnnBackendExecute(
    CUDNNHandle handle, CUDNNDescriptor plan, CUDNNDescriptor variantPack) {
  const long long *operands = ((Descriptor *)variantPack)->operands;
  note(
      "convolve with engine %d %llx %llx %llx %llx", ((Descriptor *)plan)->engine, operands[0],
      operands[1], operands[2], operands[3]);
  return 0;
}
