/* Known answers of the generators of the C library, drawn from the library itself.
 *
 *   gcc -O2 -o vectors-c vectors.c && ./vectors-c ..        (glibc 2.36)
 */
#define _DEFAULT_SOURCE
#include <gnu/libc-version.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LATE = 99999 };

static FILE *open_file(const char *directory, const char *generator, const char *function) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.txt", directory, generator);
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(1);
    }
    fprintf(file, "# %s\n# source: glibc %s, %s\n# program: tests/vectors/generate/vectors.c\n",
            generator, gnu_get_libc_version(), function);
    return file;
}

static void print_words(FILE *file, uint64_t (*next)(void)) {
    fputs("first", file);
    for (int i = 0; i <= LATE; i++) {
        uint64_t word = next();
        if (i < 8)
            fprintf(file, " 0x%" PRIx64, word);
        if (i == LATE)
            fprintf(file, "\nlate %d 0x%" PRIx64 "\n", LATE, word);
    }
}

/* Three outputs of 31 bits: 31 bits, 31 bits and the two highest of the third. */
static uint64_t from_random(void) {
    uint64_t first = (uint64_t)random(), second = (uint64_t)random(), third = (uint64_t)random();
    return first << 33 | second << 2 | third >> 29;
}

static uint64_t from_mrand48(void) {
    uint64_t high = (uint32_t)mrand48();
    return high << 32 | (uint32_t)mrand48();
}

static unsigned stride = 1;

static uint64_t from_leapfrog(void) {
    uint64_t outputs[3];
    for (int i = 0; i < 3; i++) {
        outputs[i] = (uint64_t)random();
        for (unsigned skip = 1; skip < stride; skip++)
            random();
    }
    return outputs[0] << 33 | outputs[1] << 2 | outputs[2] >> 29;
}

int main(int argc, char **argv) {
    const char *directory = argc > 1 ? argv[1] : ".";

    FILE *file = open_file(directory, "glibc-random", "srandom and random (TYPE_3)");
    const unsigned seeds[] = {0, 1, 42, 2147483647u, 2147483648u, 4294967295u};
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        srandom(seeds[i]);
        fprintf(file, "\ncase seed 0x%x\n", seeds[i]);
        print_words(file, from_random);
    }
    fclose(file);

    file = open_file(directory, "drand48", "srand48 and mrand48");
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        const unsigned long steps[] = {0, 1, 1000003};
        for (size_t j = 0; j < sizeof steps / sizeof *steps; j++) {
            srand48((long)seeds[i]);
            for (unsigned long k = 0; k < steps[j]; k++)
                mrand48();
            fprintf(file, "\ncase seed 0x%x\n", seeds[i]);
            if (steps[j])
                fprintf(file, "jump advance 0x%lx\n", steps[j]);
            print_words(file, from_mrand48);
        }
    }
    fclose(file);

    file = open_file(directory, "lcg31", "initstate with 8 bytes and random (TYPE_0)");
    char state[8];
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        /* srandom takes 0 for 1; the state itself may be 0, so the seed 0 is left out. */
        if (!seeds[i])
            continue;
        initstate(seeds[i], state, sizeof state);
        fprintf(file, "\ncase seed 0x%x\n", seeds[i]);
        print_words(file, from_random);
    }
    const unsigned leaps[][3] = {{42, 0, 64}, {42, 63, 64}, {7, 5, 1000}};
    for (size_t i = 0; i < sizeof leaps / sizeof *leaps; i++) {
        initstate(leaps[i][0], state, sizeof state);
        for (unsigned k = 0; k < leaps[i][1]; k++)
            random();
        stride = leaps[i][2];
        fprintf(file, "\ncase seed 0x%x\njump leapfrog 0x%x 0x%x\n", leaps[i][0], leaps[i][1], stride);
        print_words(file, from_leapfrog);
    }
    fclose(file);
    return 0;
}
