import { createServer } from "node:http";

/**
 * Does some work with an API that has just these rows, given as JSON text: for what no JSON.stringify writes. It gives
 * them from any offset on, whatever time is asked for.
 * @param rows texts of JSON objects
 */
export async function withRawRows<T>(
  rows: readonly string[],
  work: (api: { readonly url: string }) => Promise<T>,
): Promise<T> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { from = 0 } = JSON.parse(Buffer.concat(chunks).toString());
      const data = rows.slice(from);
      const exports = `{"total":${rows.length},"to":${rows.length},"data":[${data.join(",")}]}`;
      response.setHeader("content-type", "application/json");
      response.end(`{"status":"success","exports":${exports}}`);
    });
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
