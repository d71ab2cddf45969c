import { configError } from "../errors.ts";
import { isLoopback } from "../loopback.ts";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for an origin: HTTPS_PROXY or HTTP_PROXY after the origin's scheme, unless
 * NO_PROXY lists its host; the lower-case names come first, as with curl.
 * @param origin of the API
 * @returns undefined for a direct connection
 * @throws ConnectorError config_invalid, without the address, which may hold a password
 */
export function proxyFor(origin: string, env: Env): URL | undefined {
  const { protocol, hostname, port } = new URL(origin);
  const name = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const address = env[name.toLowerCase()] ?? env[name] ?? "";
  if (address === "" || isExempt(hostname, port || defaultPort(protocol), env)) return undefined;
  const text = address.includes("://") ? address : `http://${address}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy === undefined || !/^https?:$/.test(proxy.protocol) || proxy.hostname === "") {
    throw configError(
      "config_invalid",
      `The environment variable ${name} is not the address of a proxy like http://proxy.example:3128.`,
    );
  }
  // Plain http is for this machine alone; a proxy elsewhere would carry the keys over the network.
  return protocol === "http:" && !isLoopback(proxy.hostname) ? undefined : proxy;
}

/** NO_PROXY: hosts, with or without a port and a leading dot or *., each standing for its subdomains too; * for all. */
function isExempt(hostname: string, port: string, env: Env): boolean {
  const entries = (env["no_proxy"] ?? env["NO_PROXY"] ?? "").toLowerCase().split(/[\s,]+/);
  return entries.some((entry) => {
    if (entry === "") return false;
    if (entry === "*") return true;
    const [, name = entry, only = port] = /^(\[.*\]|[^:]+):(\d+)$/.exec(entry) ?? [];
    const host = name.includes(":") && !name.startsWith("[") ? `[${name}]` : name.replace(/^\*?\./, "");
    return only === port && (hostname === host || hostname.endsWith(`.${host}`));
  });
}

/** The port that a scheme stands for, where a URL names none. */
export function defaultPort(protocol: string): string {
  return protocol === "https:" ? "443" : "80";
}
