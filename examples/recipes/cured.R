# One root a run, and streams of L'Ecuyer's generator that lie 2^127 apart: `parallel` hands them out.
root <- as.integer(Sys.getenv("SEEDBENCH_SEED"))
RNGkind("L'Ecuyer-CMRG")
set.seed(root)
stream <- .Random.seed
for (rank in seq_len(as.integer(Sys.getenv("SEEDBENCH_WORKER")))) stream <- parallel::nextRNGStream(stream)
.Random.seed <- stream
print(runif(as.integer(Sys.getenv("SEEDBENCH_WORDS"))))
