# What bash draws after a seed of 7: a line each, "name<TAB>draws".
RANDOM=7
draws=()
for ((i = 0; i < 24; i++)); do draws+=("$RANDOM"); done
printf 'bash $RANDOM\t%s\n' "${draws[*]}"
RANDOM=7
draws=()
for ((i = 0; i < 24; i++)); do draws+=("$((RANDOM % 1000))"); done
printf 'bash $((RANDOM %% 1000))\t%s\n' "${draws[*]}"
