# Root + rank as the seed: worker 1 of root 1 is worker 0 of root 2.
set.seed(as.integer(Sys.getenv("SEEDBENCH_SEED")) + as.integer(Sys.getenv("SEEDBENCH_WORKER")))
print(runif(as.integer(Sys.getenv("SEEDBENCH_WORDS"))))
