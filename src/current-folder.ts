/** What a folder is called that was deleted while it is the current one: nothing stands there, and nothing can be made. */
const DELETED = "/the current folder was deleted";

// Packages ask for it as they are loaded, and Node.js throws then. Commands with absolute paths need none.
try {
  process.cwd();
} catch {
  process.cwd = () => DELETED;
}
