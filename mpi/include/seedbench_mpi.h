/* The functions of libseedbench_mpi for C: every rank calls one with the numbers that it drew.
 * Made by cbindgen from src/abi.rs. */

#ifndef SEEDBENCH_MPI_H
#define SEEDBENCH_MPI_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <stdint.h>
#include "mpi.h"

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/*
 Judges the words that all ranks of a communicator drew: every rank calls it with its own, at least one.

 `options` are those of `seedbench audit`, parted by blanks, such as `"--for-workers 10000 --json report.json"`, or
 null; all ranks give the same. Rank 0 prints the report. Returns the exit code of `seedbench audit` on every rank:
 0 sound, 10 unsound, 12 inconclusive, 64 usage, 65 bad data. It is collective, and frees nothing.

 # Safety
 `words` points at `count` words, and `options` is null or a string that ends with 0. MPI has been started, and is
 called by no other thread meanwhile.
 */
int seedbench_mpi_audit(MPI_Comm comm,
                        const uint64_t *words,
                        uint64_t count,
                        const char *options);

/*
 The same for doubles.

 # Safety
 As of [`seedbench_mpi_audit`].
 */
int seedbench_mpi_audit_doubles(MPI_Comm comm,
                                const double *values,
                                uint64_t count,
                                const char *options);

/*
 [`seedbench_mpi_audit`] with a communicator as Fortran names it.

 # Safety
 As of [`seedbench_mpi_audit`].
 */
int seedbench_mpi_audit_f(int comm, const uint64_t *words, uint64_t count, const char *options);

/*
 [`seedbench_mpi_audit_doubles`] with a communicator as Fortran names it.

 # Safety
 As of [`seedbench_mpi_audit`].
 */
int seedbench_mpi_audit_doubles_f(int comm,
                                  const double *values,
                                  uint64_t count,
                                  const char *options);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SEEDBENCH_MPI_H */
