<?php // Root + rank as the seed: worker 1 of root 1 is worker 0 of root 2.
mt_srand((int) getenv("SEEDBENCH_SEED") + (int) getenv("SEEDBENCH_WORKER"));
for ($i = 0; $i < (int) getenv("SEEDBENCH_WORDS"); $i++) echo mt_rand(), "\n";
