// undici as a whole brings fetch, WebSocket and more with it, which take 9 MB of memory and more time to load than a
// request takes: docs/adr/0005. The parts have no types of their own under these names.
declare module "undici/lib/dispatcher/client.js" {
  import { Client } from "undici";
  export = Client;
}

declare module "undici/lib/api/api-connect.js" {
  import type { Client, Dispatcher } from "undici";

  function connect(this: Client, options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData>;
  export = connect;
}

declare module "undici/lib/core/connect.js" {
  import type { Socket } from "node:net";
  import type { buildConnector } from "undici";

  /** Its connectors return the socket, connected or not, which undici's own types keep back. */
  function createConnector(
    options: buildConnector.BuildOptions,
  ): (options: buildConnector.Options, callback: buildConnector.Callback) => Socket;
  export = createConnector;
}
