// std::mt19937 seeded in every process: with std::random_device (32 bits: safe for few), with the
// clock in seconds (NOT safe: workers of one job start in the same second).
//
//     c++ -O2 -o mt19937 mt19937.cpp
//     seedbench audit --workers 16 --runs 2 --words 256 -- ./mt19937 device
//     seedbench audit --workers 16 --runs 2 --words 256 -- ./mt19937 time
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <random>

int main(int argc, char **argv) {
    const char *words = std::getenv("SEEDBENCH_WORDS");
    const long count = words ? std::atol(words) : 256;
    std::mt19937 rng;
    if (argc > 1 && std::strcmp(argv[1], "device") == 0) {
        rng.seed(std::random_device{}());
    } else {
        rng.seed(static_cast<std::uint32_t>(std::time(nullptr)));
    }
    for (long i = 0; i < count; ++i) {
        std::printf("%lu\n", static_cast<unsigned long>(rng()));
    }
}
