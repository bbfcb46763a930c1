# One root of entropy a run, one key a task: fresh, replayable from the root, and distinct but for collisions
# of 256-bit keys. `set.seed` takes 32 bits; here ChaCha8 of root and task fills the whole state of R's own
# Mersenne Twister, so that runif, rnorm, sample and all packages draw from it.

# 32-bit words are held in doubles, which R's integers are too narrow for.
xor32 <- function(a, b) bitwXor(a %/% 65536, b %/% 65536) * 65536 + bitwXor(a %% 65536, b %% 65536)
quarter <- function(x, a, b, c, d) {
  for (step in list(c(a, b, d, 16), c(c, d, b, 12), c(a, b, d, 8), c(c, d, b, 7))) {
    x[step[1]] <- (x[step[1]] + x[step[2]]) %% 2^32
    word <- xor32(x[step[3]], x[step[1]])
    x[step[3]] <- (word * 2^step[4]) %% 2^32 + word %/% 2^(32 - step[4])
  }
  x
}
chacha8 <- function(key, row) {
  input <- c(1634760805, 857760878, 2036477234, 1797285236, key, row)
  x <- input
  for (round in 1:4) {
    for (i in 0:3) x <- quarter(x, 1 + i, 5 + i, 9 + i, 13 + i)
    for (i in 0:3) x <- quarter(x, 1 + i, 5 + (i + 1) %% 4, 9 + (i + 2) %% 4, 13 + (i + 3) %% 4)
  }
  (x + input) %% 2^32
}

# Makes R's generator that of one task: the same root and task give the same numbers anywhere.
use_task_rng <- function(root, task) {
  key <- chacha8(c(root, 0, 0, 0, 0), c(task %% 2^32, task %/% 2^32, 1684366707, 1935960427))[1:8]
  state <- unlist(lapply(0:38, function(block) chacha8(key, c(block, 0, 0, 0))))
  if (state[1] < 2^31) state[1] <- state[1] + 2^31
  signed <- ifelse(state >= 2^31, state - 2^32, state)
  signed[signed == -2^31] <- NA # R's name for that integer.
  .Random.seed <<- c(10403L, 624L, as.integer(signed))
}

# A root as it is written, a decimal number: 128 bits, least significant word first.
parse_root <- function(digits) {
  root <- c(0, 0, 0, 0)
  for (carry in as.numeric(strsplit(digits, "")[[1]])) {
    for (i in 1:4) {
      carry <- carry + 10 * root[i]
      root[i] <- carry %% 2^32
      carry <- carry %/% 2^32
    }
  }
  root
}
decimal <- function(root) {
  digits <- ""
  repeat {
    rest <- 0
    for (i in 4:1) {
      rest <- rest * 2^32 + root[i]
      root[i] <- rest %/% 10
      rest <- rest %% 10
    }
    digits <- paste0(rest, digits)
    if (all(root == 0)) return(digits)
  }
}

# Draw the root once, in the launcher, log it, and hand it to every worker.
given <- Sys.getenv("SEEDBENCH_SEED")
if (given == "") {
  system <- file("/dev/urandom", "rb", raw = TRUE) # On Windows: openssl::rand_bytes(16).
  halves <- readBin(system, "integer", 8, size = 2, signed = FALSE)
  close(system)
  root <- halves[c(1, 3, 5, 7)] + 65536 * halves[c(2, 4, 6, 8)]
} else {
  root <- parse_root(given)
}
message("SEEDBENCH_SEED=", decimal(root))
use_task_rng(root, as.numeric(Sys.getenv("SEEDBENCH_WORKER", "0")))
words <- as.numeric(Sys.getenv("SEEDBENCH_WORDS", "4"))
for (word in seq_len(words)) {
  draws <- floor(runif(2) * 2^32)
  cat(sprintf("0x%04x%04x%04x%04x\n", draws[1] %/% 65536, draws[1] %% 65536, draws[2] %/% 65536, draws[2] %% 65536))
}
