/* rand() without srand() starts from the same seed in every process. NOT safe.
 *
 *     cc -O2 -o glibc_rand glibc_rand.c
 *     seedbench audit --workers 8 --runs 2 --words 256 -- ./glibc_rand
 */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    const char *words = getenv("SEEDBENCH_WORDS");
    const long count = words ? atol(words) : 256;
    for (long i = 0; i < count; i++) {
        printf("%d\n", rand());
    }
    return 0;
}
