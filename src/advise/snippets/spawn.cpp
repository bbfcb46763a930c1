// One root of entropy a run, one key a task: fresh, replayable from the root, and distinct.
// std::seed_seq maps root and task one to one into the 19,968 bits that the generator takes.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

using Root = std::array<std::uint32_t, 4>;  // 128 bits, least significant word first

// The generator of one task: the same root and task give the same numbers anywhere.
std::mt19937_64 task_rng(const Root& root, std::uint64_t task) {
    std::seed_seq key{root[0], root[1], root[2], root[3],
                      static_cast<std::uint32_t>(task), static_cast<std::uint32_t>(task >> 32)};
    return std::mt19937_64(key);
}

// A root as it is written: a decimal number.
static Root parse(const char* digits) {
    Root root{};
    for (; *digits; ++digits) {
        std::uint64_t carry = *digits - '0';
        for (auto& word : root) {
            carry += word * std::uint64_t{10};
            word = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
    }
    return root;
}

static std::string decimal(Root root) {
    std::string digits;
    while (root != Root{}) {
        std::uint64_t rest = 0;
        for (int i = 3; i >= 0; --i) {
            rest = rest << 32 | root[i];
            root[i] = static_cast<std::uint32_t>(rest / 10);
            rest %= 10;
        }
        digits.insert(digits.begin(), static_cast<char>('0' + rest));
    }
    return digits.empty() ? "0" : digits;
}

static std::uint64_t number(const char* name, std::uint64_t fallback) {
    const char* text = std::getenv(name);
    return text ? std::strtoull(text, nullptr, 10) : fallback;
}

int main() {
    // Draw the root once, in the launcher, log it, and hand it to every worker.
    Root root;
    if (const char* given = std::getenv("SEEDBENCH_SEED")) {
        root = parse(given);
    } else {
        std::random_device system;
        for (auto& word : root) word = system();
    }
    std::cerr << "SEEDBENCH_SEED=" << decimal(root) << '\n';
    auto rng = task_rng(root, number("SEEDBENCH_WORKER", 0));
    for (std::uint64_t word = number("SEEDBENCH_WORDS", 4); word > 0; --word) std::cout << rng() << '\n';
}
