// Runs a model in ONNX Runtime: node run.cjs MODEL FEEDS.json. Feeds are a list of { input: { type, dims, data } }; the outputs of each go to stdout as { output: { dims, data } }.
const fs = require("node:fs");
const { InferenceSession, Tensor } = require("onnxruntime-node");

async function main([model, feeds]) {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const results = [];
  for (const feed of JSON.parse(fs.readFileSync(feeds, "utf8"))) {
    const inputs = {};
    for (const [name, { type, dims, data }] of Object.entries(feed)) {
      inputs[name] = new Tensor(type, type === "int64" ? BigInt64Array.from(data, BigInt) : Float32Array.from(data), dims);
    }
    const outputs = await session.run(inputs);
    results.push(Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, { dims: tensor.dims, data: Array.from(tensor.data, Number) }])));
  }
  console.log(JSON.stringify(results));
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
