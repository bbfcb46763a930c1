/* Ranks that start in one second and seed with the clock draw the same numbers.
 *
 *   mpirun -n 4 clock_seed clock      srand48(time(NULL)) on every rank
 *   mpirun -n 4 clock_seed system     a seed of every rank's own, from the system
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "seedbench_mpi.h"

enum { DRAWS = 4096 };

int main(int argc, char **argv) {
    MPI_Init(&argc, &argv);
    int rank;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    static double values[DRAWS];
    unsigned short state[3];
    if (argc > 1 && strcmp(argv[1], "clock") == 0) {
        /* What rank 0 reads, so that a new second between two starts hides nothing here. */
        long now = (long)time(NULL);
        MPI_Bcast(&now, 1, MPI_LONG, 0, MPI_COMM_WORLD);
        srand48(now);
        memcpy(state, seed48(state), sizeof state);
    } else if (getrandom(state, sizeof state, 0) != sizeof state) {
        return 1;
    }
    for (int i = 0; i < DRAWS; i++) values[i] = erand48(state);
    int code = seedbench_mpi_audit_doubles(MPI_COMM_WORLD, values, DRAWS, argc > 2 ? argv[2] : NULL);
    MPI_Finalize();
    return rank == 0 ? code : 0;
}
