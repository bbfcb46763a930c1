# What Perl draws after a seed of 7: a line each, "name<TAB>draws".
sub say_ { my ($name, $n, $draw) = @_; srand(7); print "$name\t", join(" ", map { sprintf "%.17g", $draw->() } 1 .. $n), "\n" }
say_("perl rand", 24, sub { rand() });
say_("perl int(rand 1000)", 24, sub { int(rand(1000)) });
