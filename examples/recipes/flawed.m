% Root + rank as the seed: worker 1 of root 1 is worker 0 of root 2.
rand("twister", str2double(getenv("SEEDBENCH_SEED")) + str2double(getenv("SEEDBENCH_WORKER")));
printf("%.17g\n", rand(str2double(getenv("SEEDBENCH_WORDS")), 1));
