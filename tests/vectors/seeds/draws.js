// What seedrandom draws in Node after a seed of 7: a line each, "name<TAB>draws".
const seedrandom = require("seedrandom");
const say = (name, seed, n, draw) => {
  const random = seedrandom(seed);
  console.log(name + "\t" + Array.from({ length: n }, () => draw(random)).join(" "));
};
say("seedrandom random", 7, 24, (random) => random());
say("seedrandom text", "7", 24, (random) => random());
say("seedrandom int32", 7, 24, (random) => random.int32());
say("seedrandom floor 1000", 7, 24, (random) => Math.floor(random() * 1000));
