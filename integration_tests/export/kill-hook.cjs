// Loaded before the program: ends it with SIGKILL at one of its operations on files or on DuckDB.
// KILL_AT counts them from 1 (0: never; then their number is written to KILL_COUNT); KILL_HOW is before, during or after.
const { writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");

const { KILL_AT = "0", KILL_HOW = "before", KILL_COUNT } = process.env;
let operations = 0;

function kill() {
  process.kill(process.pid, "SIGKILL");
}

/** Has all of an object's named methods counted. */
function count(owner, names) {
  for (const name of names) {
    const original = owner[name];
    owner[name] = function counted(...args) {
      operations += 1;
      if (operations !== Number(KILL_AT)) return original.apply(this, args);
      if (KILL_HOW === "before") kill();
      const result = original.apply(this, args);
      // At once, where it is synchronous; otherwise while another thread is at it.
      if (KILL_HOW === "during" || typeof result?.then !== "function") kill();
      return result.finally(kill);
    };
  }
}

const promises = require("node:fs/promises");
const open = promises.open;
let handlesCounted = false;
promises.open = async (...args) => {
  const handle = await open(...args);
  if (!handlesCounted)
    count(Object.getPrototypeOf(handle), ["write", "writeFile", "truncate", "sync", "datasync"]);
  handlesCounted = true;
  return handle;
};
count(promises, ["open", "rename", "rm", "mkdir", "chmod"]);

const duckdb = createRequire(process.argv[1])("@duckdb/node-api");
count(duckdb.DuckDBConnection.prototype, ["run", "runAndReadAll", "createAppender", "closeSync"]);
count(duckdb.DuckDBInstance, ["create"]);
count(duckdb.DuckDBInstance.prototype, ["closeSync"]);

if (KILL_COUNT) process.on("exit", () => writeFileSync(KILL_COUNT, String(operations)));
