% The twister takes a vector of words: a hash of root and rank.
key = hash("sha256", [getenv("SEEDBENCH_SEED") "/" getenv("SEEDBENCH_WORKER")]);
rand("twister", hex2dec(reshape(key, 8, 8)'));
printf("%.17g\n", rand(str2double(getenv("SEEDBENCH_WORDS")), 1));
