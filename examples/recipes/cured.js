// AES in counter mode, keyed by a hash of root and rank.
const { createCipheriv, createHash } = require("node:crypto");
const { SEEDBENCH_SEED, SEEDBENCH_WORKER, SEEDBENCH_WORDS } = process.env;
const key = createHash("sha256").update(`${SEEDBENCH_SEED}/${SEEDBENCH_WORKER}`).digest();
const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
const words = cipher.update(Buffer.alloc(8 * Number(SEEDBENCH_WORDS)));
const lines = Array.from({ length: Number(SEEDBENCH_WORDS) }, (_, i) => words.readBigUInt64LE(8 * i).toString());
console.log(lines.join("\n"));
