// Root + rank as the seed: worker 1 of root 1 is worker 0 of root 2. (mulberry32, which many paste.)
let state = Number(process.env.SEEDBENCH_SEED) + Number(process.env.SEEDBENCH_WORKER);
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let word = Math.imul(state ^ (state >>> 15), 1 | state);
  word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
  return ((word ^ (word >>> 14)) >>> 0) / 4294967296;
}
for (let i = 0; i < Number(process.env.SEEDBENCH_WORDS); i++) console.log(random());
