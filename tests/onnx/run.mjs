// Runs the models of export_cases and compares with what was recorded: node run.mjs FOLDER [LIMIT]
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(process.cwd() + '/');
const ort = require('onnxruntime-node');
const folder = process.argv[2];
const limit = Number(process.argv[3] ?? 1e-5);

const types = {
  Float: ['float32', Float32Array], Double: ['float64', Float64Array], Long: ['int64', BigInt64Array],
  Int: ['int32', Int32Array], Bool: ['bool', Uint8Array], Byte: ['uint8', Uint8Array],
};

function tensor(data, entry) {
  const [name, array] = types[entry.dtype];
  return [name, new array(data.buffer, data.byteOffset + entry.offset, entry.count)];
}

// |a - b| relative to what is larger than 1.
function difference(expected, found) {
  let largest = 0;
  for (let i = 0; i < expected.length; ++i) {
    const a = Number(expected[i]), b = Number(found[i]);
    if (Object.is(a, b) || a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const d = Math.abs(a - b) / Math.max(1, Math.abs(a));
    largest = Number.isNaN(d) ? Infinity : Math.max(largest, d);
  }
  return largest;
}

let failures = 0, count = 0;
for (const line of readFileSync(`${folder}/cases.jsonl`, 'utf8').trim().split('\n')) {
  const c = JSON.parse(line);
  let largest = 0;
  let problem = '';
  try {
    const bytes = readFileSync(`${folder}/${c.name}.bin`);
    const data = new Uint8Array(bytes.length);
    data.set(bytes);
    const session = await ort.InferenceSession.create(`${folder}/${c.name}.onnx`, { logSeverityLevel: 3 });
    for (const run of c.runs) {
      const feeds = {};
      for (const x of run.inputs) feeds[x.name] = new ort.Tensor(...tensor(data, x), x.shape);
      const results = await session.run(feeds);
      for (const y of run.outputs) {
        const [name, expected] = tensor(data, y);
        const found = results[y.name];
        if (!found) problem ||= `no result ${y.name}`;
        else if (found.type !== name || String(found.dims) !== String(y.shape)) problem ||= `${y.name} is ${found.type}[${found.dims}], not ${name}[${y.shape}]`;
        else largest = Math.max(largest, difference(expected, found.data));
      }
    }
  } catch (e) {
    problem = e.message.split('\n')[0];
  }
  ++count;
  if (!problem && largest > limit) problem = 'differs';
  if (problem) ++failures;
  console.log(`${problem ? 'FAIL' : 'ok  '} ${c.name} ${largest.toExponential(1)} ${problem}`);
}
console.log(`${count} models, ${failures} wrong`);
process.exit(failures ? 1 : 0);
