# What R draws after a seed of 7: a line each, "name<TAB>draws".
say <- function(name, draws) cat(name, "\t", paste(format(draws, digits = 17, trim = TRUE), collapse = " "), "\n", sep = "")
set.seed(7); say("r runif", runif(24))
set.seed(7); say("r rnorm", rnorm(16))
set.seed(7); say("r sample 6", sample(6, 48, replace = TRUE))
set.seed(7); say("r sample 1000", sample(1000, 24, replace = TRUE))
set.seed(7); say("r sample 100000", sample(100000, 24, replace = TRUE))
set.seed(7); say("r rexp", rexp(8))
