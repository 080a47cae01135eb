// libcudnn: convolutions, through the backend interface alone.
//
// That interface is six functions over descriptors: create one of a type, set its attributes, finalise
// it, read what it found, execute, destroy. Everything else is the numbers below.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// What every call answers: 0, or the number of an error.
typedef int32_t CUDNNStatus;
/// The library's state for one device.
typedef void *CUDNNHandle;
/// A tensor, an operation, a graph, a plan: something with a type and attributes.
typedef void *CUDNNDescriptor;

/// F(result, symbol, parameters) for every function that is used.
#define CUDNN_FUNCTIONS(F)                                                                        \
  F(size_t, cudnnGetVersion, (void))                                                              \
  F(const char *_Nonnull, cudnnGetErrorString, (CUDNNStatus status))                              \
  F(void, cudnnGetLastErrorString, (char *_Nonnull text, size_t capacity))                        \
  F(CUDNNStatus, cudnnCreate, (CUDNNHandle _Nullable *_Nonnull handle))                           \
  F(CUDNNStatus, cudnnDestroy, (CUDNNHandle _Nonnull handle))                                     \
  F(CUDNNStatus, cudnnSetStream, (CUDNNHandle _Nonnull handle, void *_Nullable stream))           \
  F(CUDNNStatus, cudnnBackendCreateDescriptor, (int type,                                         \
                                                CUDNNDescriptor _Nullable *_Nonnull descriptor))  \
  F(CUDNNStatus, cudnnBackendDestroyDescriptor, (CUDNNDescriptor _Nonnull descriptor))            \
  F(CUDNNStatus, cudnnBackendSetAttribute,                                                        \
    (CUDNNDescriptor _Nonnull descriptor, int attribute, int type, int64_t count,                 \
     const void *_Nullable values))                                                               \
  F(CUDNNStatus, cudnnBackendGetAttribute,                                                        \
    (CUDNNDescriptor _Nonnull descriptor, int attribute, int type, int64_t capacity,              \
     int64_t *_Nullable count, void *_Nullable values))                                           \
  F(CUDNNStatus, cudnnBackendFinalize, (CUDNNDescriptor _Nonnull descriptor))                     \
  F(CUDNNStatus, cudnnBackendExecute, (CUDNNHandle _Nonnull handle,                               \
                                       CUDNNDescriptor _Nonnull plan,                             \
                                       CUDNNDescriptor _Nonnull variantPack))

#define CUDNN_FIELD(result, name, parameters) result(*_Nonnull name) parameters;

/// The functions of cuDNN.
typedef struct {
  CUDNN_FUNCTIONS(CUDNN_FIELD)
} CUDNNFunctions;

/// Types of descriptors.
enum {
  CUDNN_POINTWISE = 0,
  CUDNN_CONVOLUTION = 1,
  CUDNN_ENGINE = 2,
  CUDNN_ENGINE_CONFIGURATION = 3,
  CUDNN_ENGINE_HEURISTICS = 4,
  CUDNN_EXECUTION_PLAN = 5,
  CUDNN_OPERATION_CONVOLUTION_FORWARD = 10,
  CUDNN_OPERATION_CONVOLUTION_BACKWARD_FILTER = 11,
  CUDNN_OPERATION_CONVOLUTION_BACKWARD_DATA = 12,
  CUDNN_OPERATION_POINTWISE = 13,
  CUDNN_OPERATION_GRAPH = 15,
  CUDNN_VARIANT_PACK = 16,
  CUDNN_TENSOR = 17,
  CUDNN_DEVICE_PROPERTIES = 38,
};

/// Attributes of descriptors.
enum {
  CUDNN_POINTWISE_MODE = 0,
  CUDNN_POINTWISE_MATH_TYPE = 1,

  CUDNN_CONVOLUTION_COMPUTE_TYPE = 100,
  CUDNN_CONVOLUTION_MODE = 101,
  CUDNN_CONVOLUTION_DILATIONS = 102,
  CUDNN_CONVOLUTION_STRIDES = 103,
  CUDNN_CONVOLUTION_POST_PADDINGS = 104,
  CUDNN_CONVOLUTION_PRE_PADDINGS = 105,
  CUDNN_CONVOLUTION_SPATIAL_DIMENSIONS = 106,

  CUDNN_HEURISTICS_MODE = 200,
  CUDNN_HEURISTICS_OPERATION_GRAPH = 201,
  CUDNN_HEURISTICS_RESULTS = 202,
  CUDNN_HEURISTICS_DEVICE_PROPERTIES = 204,

  CUDNN_CONFIGURATION_ENGINE = 300,

  CUDNN_PLAN_HANDLE = 400,
  CUDNN_PLAN_ENGINE_CONFIGURATION = 401,
  CUDNN_PLAN_WORKSPACE_SIZE = 402,
  CUDNN_PLAN_DEVICE_PROPERTIES = 407,

  CUDNN_FORWARD_ALPHA = 700,
  CUDNN_FORWARD_BETA = 701,
  CUDNN_FORWARD_CONVOLUTION = 702,
  CUDNN_FORWARD_W = 703,
  CUDNN_FORWARD_X = 704,
  CUDNN_FORWARD_Y = 705,
  CUDNN_BACKWARD_DATA_ALPHA = 706,
  CUDNN_BACKWARD_DATA_BETA = 707,
  CUDNN_BACKWARD_DATA_CONVOLUTION = 708,
  CUDNN_BACKWARD_DATA_W = 709,
  CUDNN_BACKWARD_DATA_DX = 710,
  CUDNN_BACKWARD_DATA_DY = 711,
  CUDNN_BACKWARD_FILTER_ALPHA = 712,
  CUDNN_BACKWARD_FILTER_BETA = 713,
  CUDNN_BACKWARD_FILTER_CONVOLUTION = 714,
  CUDNN_BACKWARD_FILTER_DW = 715,
  CUDNN_BACKWARD_FILTER_X = 716,
  CUDNN_BACKWARD_FILTER_DY = 717,

  CUDNN_OPERATION_POINTWISE_FUNCTION = 750,
  CUDNN_OPERATION_POINTWISE_X = 751,
  CUDNN_OPERATION_POINTWISE_B = 752,
  CUDNN_OPERATION_POINTWISE_Y = 753,

  CUDNN_GRAPH_HANDLE = 800,
  CUDNN_GRAPH_OPERATIONS = 801,

  CUDNN_TENSOR_ALIGNMENT = 900,
  CUDNN_TENSOR_DATA_TYPE = 901,
  CUDNN_TENSOR_DIMENSIONS = 902,
  CUDNN_TENSOR_STRIDES = 903,
  CUDNN_TENSOR_ID = 906,
  CUDNN_TENSOR_IS_VIRTUAL = 907,

  CUDNN_VARIANT_PACK_IDS = 1000,
  CUDNN_VARIANT_PACK_POINTERS = 1001,
  CUDNN_VARIANT_PACK_WORKSPACE = 1003,

  CUDNN_ENGINE_INDEX = 1301,
  CUDNN_ENGINE_NUMERICAL_NOTES = 1303,
  CUDNN_ENGINE_BEHAVIOR_NOTES = 1305,

  CUDNN_DEVICE_PROPERTIES_HANDLE = 2701,
  CUDNN_DEVICE_PROPERTIES_JSON = 2702,
};

/// Types of attributes' values.
enum {
  CUDNN_TYPE_HANDLE = 0,
  CUDNN_TYPE_DATA_TYPE = 1,
  CUDNN_TYPE_BOOLEAN = 2,
  CUDNN_TYPE_INT64 = 3,
  CUDNN_TYPE_FLOAT = 4,
  CUDNN_TYPE_POINTER = 6,
  CUDNN_TYPE_CONVOLUTION_MODE = 7,
  CUDNN_TYPE_HEURISTICS_MODE = 8,
  CUDNN_TYPE_NUMERICAL_NOTE = 11,
  CUDNN_TYPE_POINTWISE_MODE = 14,
  CUDNN_TYPE_DESCRIPTOR = 15,
  CUDNN_TYPE_BEHAVIOR_NOTE = 19,
  CUDNN_TYPE_CHARACTER = 24,
};

/// Types of tensors' values.
enum { CUDNN_FLOAT = 0, CUDNN_HALF = 2, CUDNN_BFLOAT16 = 9 };

/// Convolutions do not turn the filter, as everywhere in deep learning.
enum { CUDNN_CROSS_CORRELATION = 1 };

/// The sum of two tensors.
enum { CUDNN_POINTWISE_ADD = 0 };

/// How engines are proposed.
enum { CUDNN_HEURISTICS_FALLBACK = 2, CUDNN_HEURISTICS_A = 3 };

/// What an engine does to numbers.
enum {
  CUDNN_NOTE_TENSOR_CORE = 0,
  CUDNN_NOTE_DOWN_CONVERT_INPUTS = 1,
  CUDNN_NOTE_REDUCED_PRECISION_REDUCTION = 2,
  CUDNN_NOTE_FFT = 3,
  CUDNN_NOTE_NONDETERMINISTIC = 4,
  CUDNN_NOTE_WINOGRAD = 5,
  CUDNN_NOTE_WINOGRAD_4 = 6,
  CUDNN_NOTE_WINOGRAD_6 = 7,
  CUDNN_NOTE_WINOGRAD_13 = 8,
};

/// How an engine behaves.
enum {
  CUDNN_BEHAVIOR_RUNTIME_COMPILATION = 0,
  CUDNN_BEHAVIOR_CUDA_GRAPH = 3,
};
