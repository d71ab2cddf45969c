import { createServer } from "node:http";

/**
 * Does some work with an API whose only answer holds these rows, given as JSON text: for what no JSON.stringify writes.
 * @param rows texts of JSON objects
 */
export async function withRawRows<T>(
  rows: readonly string[],
  work: (api: { readonly url: string }) => Promise<T>,
): Promise<T> {
  const exports = `{"total":${rows.length},"to":${rows.length},"data":[${rows.join(",")}]}`;
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(`{"status":"success","exports":${exports}}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    return await work({ url: `http://127.0.0.1:${port}` });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
