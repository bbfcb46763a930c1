<?php // What PHP draws after a seed of 7: a line each, "name<TAB>draws".
function say($name, $n, $draw) {
    mt_srand(7);
    $draws = [];
    for ($i = 0; $i < $n; $i++) $draws[] = json_encode($draw());
    echo $name, "\t", implode(" ", $draws), "\n";
}
ini_set("serialize_precision", 17);
say("php mt_rand", 24, fn() => mt_rand());
say("php mt_rand 1 6", 48, fn() => mt_rand(1, 6));
say("php mt_rand 0 999", 24, fn() => mt_rand(0, 999));
say("php mt_rand / mt_getrandmax", 24, fn() => mt_rand() / mt_getrandmax());
say("php rand 0 999", 24, fn() => rand(0, 999));
