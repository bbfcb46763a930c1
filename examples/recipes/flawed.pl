# Root + rank as the seed: worker 1 of root 1 is worker 0 of root 2.
srand($ENV{SEEDBENCH_SEED} + $ENV{SEEDBENCH_WORKER});
print rand(), "\n" for 1 .. $ENV{SEEDBENCH_WORDS};
