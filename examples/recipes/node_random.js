// Math.random() in worker threads of one process: every isolate is seeded from the system. Safe
// (for simulations; not for secrets).
//
//     seedbench audit --pool --workers 8 --runs 3 -- node node_random.js
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

if (isMainThread) {
  const workers = Number(process.env.SEEDBENCH_WORKERS ?? 8);
  console.log('worker,value');
  for (let worker = 0; worker < workers; worker++) {
    new Worker(__filename, { workerData: worker }).on('message', (rows) => {
      process.stdout.write(rows);
    });
  }
} else {
  const rows = Array.from({ length: 256 }, () => `${workerData},${Math.random()}\n`);
  parentPort.postMessage(rows.join(''));
}
