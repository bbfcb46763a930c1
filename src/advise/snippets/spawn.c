/* One root of entropy a run, one stream number a task: distinct by construction, fresh, and replayable from
   the root. ChaCha20 in full: the root is the key, the task the nonce. C99 and POSIX. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct { uint32_t input[16], block[16]; int used; } task_rng;

/* The generator of one task: the same root and task give the same numbers anywhere. */
static task_rng new_task_rng(const uint32_t root[4], uint64_t task) {
    task_rng rng = {{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}, {0}, 16};
    for (int i = 0; i < 4; i++) rng.input[4 + i] = root[i];
    rng.input[14] = (uint32_t)task;
    rng.input[15] = (uint32_t)(task >> 32);
    return rng;
}

static uint32_t turned(uint32_t word, int by) { return word << by | word >> (32 - by); }

static void quarter(uint32_t x[16], int a, int b, int c, int d) {
    x[a] += x[b]; x[d] = turned(x[d] ^ x[a], 16);
    x[c] += x[d]; x[b] = turned(x[b] ^ x[c], 12);
    x[a] += x[b]; x[d] = turned(x[d] ^ x[a], 8);
    x[c] += x[d]; x[b] = turned(x[b] ^ x[c], 7);
}

static uint64_t next_word(task_rng *rng) {
    if (rng->used == 16) {
        uint32_t *x = rng->block;
        memcpy(x, rng->input, sizeof rng->block);
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 4; i++) quarter(x, i, 4 + i, 8 + i, 12 + i);
            for (int i = 0; i < 4; i++) quarter(x, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
        }
        for (int i = 0; i < 16; i++) x[i] += rng->input[i];
        if (++rng->input[12] == 0) rng->input[13]++;
        rng->used = 0;
    }
    uint64_t word = rng->block[rng->used] | (uint64_t)rng->block[rng->used + 1] << 32;
    rng->used += 2;
    return word;
}

/* A root as it is written, a decimal number: 128 bits, least significant word first. */
static void parse(const char *digits, uint32_t root[4]) {
    memset(root, 0, 16);
    for (; *digits; digits++) {
        uint64_t carry = (uint64_t)(*digits - '0');
        for (int i = 0; i < 4; i++) {
            carry += root[i] * UINT64_C(10);
            root[i] = (uint32_t)carry;
            carry >>= 32;
        }
    }
}

static void print_root(const uint32_t given[4]) {
    char digits[40] = "";
    uint32_t root[4];
    memcpy(root, given, 16);
    do {
        uint64_t rest = 0;
        for (int i = 3; i >= 0; i--) {
            rest = rest << 32 | root[i];
            root[i] = (uint32_t)(rest / 10);
            rest %= 10;
        }
        memmove(digits + 1, digits, 39);
        digits[0] = (char)('0' + rest);
        digits[39] = 0;
    } while (root[0] | root[1] | root[2] | root[3]);
    fprintf(stderr, "SEEDBENCH_SEED=%s\n", digits);
}

static uint64_t number(const char *name, uint64_t fallback) {
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : fallback;
}

int main(void) {
    /* Draw the root once, in the launcher, log it, and hand it to every worker. */
    uint32_t root[4];
    const char *given = getenv("SEEDBENCH_SEED");
    if (given) {
        parse(given, root);
    } else {
        FILE *system = fopen("/dev/urandom", "rb");
        if (!system || fread(root, 16, 1, system) != 1) return 1;
        fclose(system);
    }
    print_root(root);
    task_rng rng = new_task_rng(root, number("SEEDBENCH_WORKER", 0));
    for (uint64_t word = number("SEEDBENCH_WORDS", 4); word > 0; word--) printf("%" PRIu64 "\n", next_word(&rng));
    return 0;
}
