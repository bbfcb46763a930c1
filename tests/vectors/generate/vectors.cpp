// Known answers of the generators of the C++ library, drawn from the library itself.
//
//   g++ -O2 -std=c++17 -o vectors-cpp vectors.cpp && ./vectors-cpp ..        (libstdc++ 12)

#include <cstdint>
#include <fstream>
#include <functional>
#include <random>
#include <string>

constexpr int late = 99999;

std::ofstream open_file(const std::string &directory, const std::string &generator, const std::string &type) {
    std::ofstream file(directory + "/" + generator + ".txt");
    file << "# " << generator << "\n# source: libstdc++ " << _GLIBCXX_RELEASE << ", " << type
         << "\n# program: tests/vectors/generate/vectors.cpp\n" << std::hex << std::showbase;
    return file;
}

void print_words(std::ofstream &file, const std::function<std::uint64_t()> &next) {
    file << "first";
    for (int i = 0; i <= late; i++) {
        const std::uint64_t word = next();
        if (i < 8)
            file << " " << word;
        if (i == late)
            file << "\nlate " << std::dec << late << std::hex << " " << word << "\n";
    }
}

int main(int argc, char **argv) {
    const std::string directory = argc > 1 ? argv[1] : ".";

    auto minstd = open_file(directory, "minstd", "std::minstd_rand0");
    for (const std::uint64_t seed : {0u, 1u, 2u, 16807u, 2147483646u, 2147483647u}) {
        std::minstd_rand0 generator(seed);
        minstd << "\ncase seed " << seed << "\n";
        print_words(minstd, [&] {
            const std::uint64_t first = generator(), second = generator(), third = generator();
            return first << 33 | second << 2 | third >> 29;
        });
    }

    auto mt64 = open_file(directory, "mt19937-64", "std::mt19937_64");
    for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{5489}, ~std::uint64_t{0}}) {
        std::mt19937_64 generator(seed);
        mt64 << "\ncase seed " << seed << "\n";
        print_words(mt64, [&] { return generator(); });
    }
}
