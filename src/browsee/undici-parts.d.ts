/** Parts of undici that its own types name only as members of the whole, which is five times what is needed here. */
declare module "undici/lib/dispatcher/agent.js" {
  import { Agent } from "undici";

  export = Agent;
}

declare module "undici/lib/dispatcher/env-http-proxy-agent.js" {
  import { EnvHttpProxyAgent } from "undici";

  export = EnvHttpProxyAgent;
}

/** A function to be called with a dispatcher as `this`. */
declare module "undici/lib/api/api-connect.js" {
  import type { Dispatcher } from "undici";

  function connect(this: Dispatcher, options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData>;
  export = connect;
}
