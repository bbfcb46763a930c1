# Perl's own generator takes 32 bits of seed, which is too few: numbers are hashes of root, rank and place.
use Digest::SHA "sha256";
sub draw { unpack("Q<", sha256("$ENV{SEEDBENCH_SEED}/$ENV{SEEDBENCH_WORKER}/$_[0]")) }
print draw($_), "\n" for 1 .. $ENV{SEEDBENCH_WORDS};
