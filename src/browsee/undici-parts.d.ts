/** Parts of undici that its own types name only as members of the whole, which is five times what is needed here. */
declare module "undici/lib/dispatcher/agent.js" {
  import { Agent } from "undici";

  export = Agent;
}

declare module "undici/lib/dispatcher/env-http-proxy-agent.js" {
  import { EnvHttpProxyAgent } from "undici";

  export = EnvHttpProxyAgent;
}
