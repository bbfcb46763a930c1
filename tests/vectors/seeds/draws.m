% What Octave draws after a seed of 7: a line each, "name<TAB>draws".
1;
function say(name, draws)
  printf("%s\t%s\n", name, strtrim(sprintf("%.17g ", draws)));
end
rand("twister", 7); say("octave rand", rand(1, 24));
rand("twister", 7); say("octave randi 1000", randi(1000, 1, 24));
randn("twister", 7); say("octave randn", randn(1, 16));
rand("seed", 7); say("octave rand seed", rand(1, 24));
