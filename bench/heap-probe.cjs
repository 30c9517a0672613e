// Preloaded where memory is measured, so that the program itself needs nothing for it.
process.on("message", () => {
  globalThis.gc();
  process.send(process.memoryUsage().heapUsed);
});
