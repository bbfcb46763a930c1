// One root of entropy a run, one spawn key a task: fresh, replayable from the root, and distinct but
// for hash collisions. std::seed_seq hashes all of root and task into the whole state.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>

using Root = std::array<std::uint32_t, 8>;

// The generator of one task: the same root and task give the same numbers anywhere.
std::mt19937_64 task_rng(const Root& root, std::uint64_t task) {
    std::seed_seq key{root[0], root[1], root[2], root[3], root[4], root[5], root[6], root[7],
                      static_cast<std::uint32_t>(task), static_cast<std::uint32_t>(task >> 32)};
    return std::mt19937_64(key);
}

static std::uint64_t number(const char* name, std::uint64_t fallback) {
    const char* text = std::getenv(name);
    return text ? std::strtoull(text, nullptr, 10) : fallback;
}

int main() {
    // Draw the root once, in the launcher, log it, and hand it to every worker.
    std::random_device system;
    Root root;
    for (auto& word : root) word = system();
    auto rng = task_rng(root, number("SEEDBENCH_WORKER", 0));
    for (std::uint64_t word = number("SEEDBENCH_WORDS", 4); word > 0; --word) std::cout << rng() << '\n';
}
