// Calls kernels by name with arguments whose kinds are checked: a host that passes an int where a
// kernel takes a float would not be noticed on a GPU.
#pragma once

#include <tuple>
#include <type_traits>
#include <utility>

#include "CUDAEmulation.h"
#include "Words.hpp"

struct Call {
  CUDAEmulationExtent grid, block;
  const CUDAEmulationArgument *arguments;
  int argumentCount;
  CUDAEmulationOrder order;
  uint64_t seed;
};

template <class A>
constexpr char kindOf() {
  static_assert(std::is_pointer_v<A> || std::is_same_v<A, int> || std::is_same_v<A, float>);
  return std::is_pointer_v<A> ? 'p' : std::is_same_v<A, int> ? 'i' : 'f';
}

template <class A>
A argument(const CUDAEmulationArgument &argument) {
  A value;
  memcpy(&value, &argument.bits, sizeof(A));
  return value;
}

template <auto F>
struct Runner;

template <class... A, void (*F)(A...)>
struct Runner<F> {
  template <size_t... I>
  static std::tuple<A...> unpack(const Call &call, std::index_sequence<I...>) {
    return {argument<A>(call.arguments[I])...};
  }

  static const char *run(const Call &call) {
    constexpr char kinds[] = {kindOf<A>()..., 0};
    if (call.argumentCount != (int)sizeof...(A)) return "the number of arguments is another one";
    for (int i = 0; i < call.argumentCount; ++i) {
      if (call.arguments[i].kind != kinds[i]) return "the kinds of the arguments are others";
    }
    auto values = unpack(call, std::index_sequence_for<A...>());
    return runThreads(
        call, [](void *values) { std::apply(F, *static_cast<std::tuple<A...> *>(values)); },
        &values);
  }
};

#define ENTRY(name) {#name, Runner<name>::run},
