// Runs the threads of a grid, block by block, as fibers that meet at barriers.
#include <algorithm>
#include <memory>
#include <mutex>
#include <numeric>
#include <vector>

#include "Entries.hpp"
#include "Fiber.hpp"

Index3 threadIdx, blockIdx, blockDim, gridDim;

// The bounds of the section of shared memory, which the linker knows.
extern "C" char __start_cuda_shared[], __stop_cuda_shared[];

namespace {

enum class State { fresh, ready, atBlockBarrier, atWarpBarrier, done };

struct Thread {
  State state = State::fresh;
  Fiber *fiber = nullptr;
  // What a shuffle hands over, in two places used by turns: nobody comes to the next exchange but
  // one before all have read this one.
  unsigned exchange[2] = {};
  unsigned exchangeCount = 0;
};

struct Scheduler {
  void (*body)(void *) = nullptr;
  void *context = nullptr;
  std::vector<Thread> threads;
  std::vector<int> order;
  size_t position = 0;
  std::vector<std::unique_ptr<Fiber>> fibers;
  std::vector<Fiber *> idle;
  Fiber *running = nullptr;
  void *top = nullptr;
  uint64_t random = 0;

  uint64_t next() {
    uint64_t z = random += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
  }

  void arrange(std::vector<int> &numbers, CUDAEmulationOrder order) {
    std::iota(numbers.begin(), numbers.end(), 0);
    if (order == CUDAEmulationReverse) std::reverse(numbers.begin(), numbers.end());
    if (order != CUDAEmulationRandom) return;
    for (size_t i = numbers.size(); i > 1; --i) std::swap(numbers[i - 1], numbers[next() % i]);
  }

  void enter(int thread) {
    running->thread = thread;
    threads[thread].fiber = running;
    const unsigned number = thread;
    threadIdx = {
        number % blockDim.x, number / blockDim.x % blockDim.y, number / blockDim.x / blockDim.y};
  }

  // Parks the running thread until a barrier opens.
  void park(State state) {
    Fiber *self = running;
    const int thread = self->thread;
    threads[thread].state = state;
    emulatedSwitch(&self->top, top);
    enter(thread);
  }

  // What every fiber does: run fresh threads one after the other, so that threads that never wait
  // need no second stack.
  void work() {
    for (;;) {
      while (position < order.size() && threads[order[position]].state != State::fresh) ++position;
      if (position == order.size()) {
        Fiber *self = running;
        self->thread = -1;
        idle.push_back(self);
        emulatedSwitch(&self->top, top);
        continue;
      }
      const int thread = order[position++];
      enter(thread);
      body(context);
      threads[thread].state = State::done;
    }
  }

  void resume(Fiber *fiber) {
    running = fiber;
    emulatedSwitch(&top, fiber->top);
  }

  const char *runBlock(CUDAEmulationOrder kind) {
    for (Thread &thread : threads) thread = Thread();
    arrange(order, kind);
    position = 0;
    std::fill(__start_cuda_shared, __stop_cuda_shared, (char)0xFF);
    for (;;) {
      for (size_t i = 0; i < order.size(); ++i) {
        Thread &thread = threads[order[i]];
        if (thread.state == State::fresh) {
          if (idle.empty()) {
            fibers.push_back(std::make_unique<Fiber>());
            fibers.back()->begin([] { current().work(); });
            idle.push_back(fibers.back().get());
          }
          Fiber *fiber = idle.back();
          idle.pop_back();
          resume(fiber);
        } else if (thread.state == State::ready) {
          resume(thread.fiber);
        }
      }
      bool isDone = true, isOpen = false;
      for (const Thread &thread : threads) isDone = isDone && thread.state == State::done;
      if (isDone) return nullptr;
      for (size_t first = 0; first < threads.size(); first += 32) {
        const size_t last = std::min(first + 32, threads.size());
        isOpen = open(State::atWarpBarrier, first, last) || isOpen;
      }
      isOpen = open(State::atBlockBarrier, 0, threads.size()) || isOpen;
      if (!isOpen) return "not all threads reach a barrier";
      if (kind == CUDAEmulationRandom) arrange(order, kind);
    }
  }

  bool open(State barrier, size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) {
      if (threads[i].state != barrier) return false;
    }
    for (size_t i = first; i < last; ++i) threads[i].state = State::ready;
    return true;
  }

  static Scheduler &current() {
    static Scheduler scheduler;
    return scheduler;
  }
};

std::mutex oneLaunchAtATime;

}  // namespace

void __syncthreads() { Scheduler::current().park(State::atBlockBarrier); }

void __syncwarp() { Scheduler::current().park(State::atWarpBarrier); }

unsigned emulatedShuffle(unsigned bits, unsigned sourceLane) {
  Scheduler &scheduler = Scheduler::current();
  const int thread = scheduler.running->thread;
  Thread &self = scheduler.threads[thread];
  const unsigned turn = self.exchangeCount++ & 1;
  self.exchange[turn] = bits;
  scheduler.park(State::atWarpBarrier);
  return scheduler.threads[(thread & ~31) + (int)(sourceLane & 31)].exchange[turn];
}

const char *runThreads(const Call &call, void (*body)(void *), void *context) {
  std::lock_guard<std::mutex> lock(oneLaunchAtATime);
  Scheduler &scheduler = Scheduler::current();
  scheduler.body = body;
  scheduler.context = context;
  scheduler.random = call.seed;
  gridDim = {call.grid.x, call.grid.y, call.grid.z};
  blockDim = {call.block.x, call.block.y, call.block.z};
  scheduler.threads.resize((size_t)blockDim.x * blockDim.y * blockDim.z);
  scheduler.order.resize(scheduler.threads.size());
  std::vector<int> blocks((size_t)gridDim.x * gridDim.y * gridDim.z);
  scheduler.arrange(blocks, call.order);
  for (const unsigned block : blocks) {
    blockIdx = {block % gridDim.x, block / gridDim.x % gridDim.y, block / gridDim.x / gridDim.y};
    if (const char *error = scheduler.runBlock(call.order)) {
      // The parked threads never go on: their stacks are given up.
      scheduler.fibers.clear();
      scheduler.idle.clear();
      return error;
    }
  }
  return nullptr;
}

extern const Entry *const entriesOfFloat32, *const entriesOfBFloat16, *const entriesOfFloat16,
    *const entriesOfTrial;
extern const int entryCountOfFloat32, entryCountOfBFloat16, entryCountOfFloat16,
    entryCountOfTrial;

const char *cudaEmulationLaunch(
    CUDAEmulationStorage storage, const char *kernel, CUDAEmulationExtent grid,
    CUDAEmulationExtent block, const CUDAEmulationArgument *arguments, int argumentCount,
    CUDAEmulationOrder order, uint64_t seed) {
  const Entry *first = entriesOfTrial;
  int count = entryCountOfTrial;
  if (storage == CUDAEmulationFloat32) {
    first = entriesOfFloat32;
    count = entryCountOfFloat32;
  } else if (storage == CUDAEmulationBFloat16) {
    first = entriesOfBFloat16;
    count = entryCountOfBFloat16;
  } else if (storage == CUDAEmulationFloat16) {
    first = entriesOfFloat16;
    count = entryCountOfFloat16;
  }
  const auto *entry = std::find_if(
      first, first + count, [&](const Entry &entry) { return !strcmp(entry.name, kernel); });
  if (entry == first + count) return "there is no kernel of this name";
  const size_t threads = (size_t)block.x * block.y * block.z;
  if (threads == 0 || threads > 1024 || (size_t)grid.x * grid.y * grid.z == 0 ||
      grid.y > 65535 || grid.z > 65535) {
    return "a GPU takes no such grid";
  }
  return entry->run(Call{grid, block, arguments, argumentCount, order, seed});
}
