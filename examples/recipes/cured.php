<?php // The generator's whole state is a hash of root and rank (PHP 8.2).
$key = hash("sha256", getenv("SEEDBENCH_SEED") . "/" . getenv("SEEDBENCH_WORKER"), true);
$random = new Random\Randomizer(new Random\Engine\Xoshiro256StarStar($key));
for ($i = 0; $i < (int) getenv("SEEDBENCH_WORDS"); $i++) echo $random->nextInt(), "\n";
