// What C and C++ (glibc, libstdc++) draw after a seed of 7: a line each, "name<TAB>draws".
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
template <class F> void say(const char *name, int n, F draw) {
    std::printf("%s\t", name);
    for (int i = 0; i < n; i++) std::printf(i ? " %.17g" : "%.17g", (double)draw());
    std::printf("\n");
}
template <class E> void engine(const char *of, int n) {
    char name[64];
    auto say_of = [&](const char *what, auto draw) {
        std::snprintf(name, sizeof name, "c++ %s %s", of, what);
        say(name, n, draw);
    };
    { E e(7); say_of("raw", [&] { return e(); }); }
    { E e(7); say_of("% 6", [&] { return e() % 6; }); }
    { E e(7); std::uniform_int_distribution<int> d(0, 999); say_of("uniform_int 0 999", [&] { return d(e); }); }
    { E e(7); std::uniform_int_distribution<int> d(1, 6); say_of("uniform_int 1 6", [&] { return d(e); }); }
    { E e(7); std::uniform_real_distribution<double> d(0, 1); say_of("uniform_real", [&] { return d(e); }); }
    { E e(7); std::uniform_real_distribution<float> d(0, 1); say_of("uniform_real float", [&] { return d(e); }); }
    { E e(7); std::normal_distribution<double> d(0, 1); say_of("normal", [&] { return d(e); }); }
    { E e(7); say_of("generate_canonical", [&] { return std::generate_canonical<double, 53>(e); }); }
}
int main() {
    engine<std::mt19937>("mt19937", 24);
    engine<std::mt19937_64>("mt19937_64", 24);
    engine<std::minstd_rand>("minstd_rand", 24);
    engine<std::minstd_rand0>("minstd_rand0", 24);
    engine<std::ranlux24_base>("ranlux24_base", 24);
    engine<std::ranlux48_base>("ranlux48_base", 24);
    engine<std::ranlux24>("ranlux24", 24);
    engine<std::ranlux48>("ranlux48", 24);
    engine<std::knuth_b>("knuth_b", 24);
    srand(7); say("c rand % 6", 48, [] { return rand() % 6; });
    srand(7); say("c rand % 1000", 24, [] { return rand() % 1000; });
    srand(7); say("c rand / RAND_MAX", 24, [] { return rand() / (double)RAND_MAX; });
    srand(7); say("c rand / (RAND_MAX + 1.0)", 24, [] { return rand() / (RAND_MAX + 1.0); });
    srand48(7); say("c drand48", 24, [] { return drand48(); });
    srand48(7); say("c lrand48 % 1000", 24, [] { return lrand48() % 1000; });
    unsigned state = 7; say("c rand_r % 1000", 24, [&] { return rand_r(&state) % 1000; });
}
