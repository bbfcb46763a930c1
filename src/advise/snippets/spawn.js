// One root of entropy a run, one stream number a task: distinct by construction, fresh, and replayable
// from the root. ChaCha20 from Node's own crypto: the root is the key, the task the nonce.
const { createCipheriv, randomBytes } = require("node:crypto");

/** The generator of one task: the same root and task give the same numbers anywhere. */
function taskRng(root, task) {
  const key = Buffer.alloc(32);
  key.writeBigUInt64LE(root & 0xffffffffffffffffn, 0);
  key.writeBigUInt64LE(root >> 64n, 8);
  const nonce = Buffer.alloc(16);
  nonce.writeBigUInt64LE(task, 8);
  const stream = createCipheriv("chacha20", key, nonce);
  const word = () => stream.update(Buffer.alloc(8)).readBigUInt64LE();
  return { word, random: () => Number(word() >> 11n) / 2 ** 53 };
}

// Draw the root once, in the launcher, log it, and hand it to every worker.
const given = process.env.SEEDBENCH_SEED;
const root = given ? BigInt(given) : BigInt("0x" + randomBytes(16).toString("hex"));
console.error(`SEEDBENCH_SEED=${root}`);
const rng = taskRng(root, BigInt(process.env.SEEDBENCH_WORKER ?? 0));
const words = Number(process.env.SEEDBENCH_WORDS ?? 4);
console.log(Array.from({ length: words }, () => rng.word().toString()).join("\n"));
