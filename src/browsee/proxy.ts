import { type Env, isLoopback } from "../config.ts";
import { configError } from "../errors.ts";

/** A proxy that the environment names. */
export interface ProxyAddress {
  /** Name of the environment variable: what messages call the proxy. */
  readonly variable: "HTTPS_PROXY" | "HTTP_PROXY";
  /** Scheme, host and port, without user and password. */
  readonly origin: string;
  /** Value of the header Proxy-Authorization; undefined where the address has no user. */
  readonly authorization: string | undefined;
}

/** The proxy did not make a tunnel to the API. */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
  readonly variable: ProxyAddress["variable"];
  /** HTTP status of its response; undefined where none came. */
  readonly status: number | undefined;

  constructor({ variable }: ProxyAddress, failure: { readonly status?: number; readonly cause?: unknown }) {
    super("the proxy made no tunnel", { cause: failure.cause });
    this.variable = variable;
    this.status = failure.status;
  }
}

/**
 * The proxy for requests to an origin: HTTPS_PROXY or HTTP_PROXY after the origin's scheme; the lower-case names come
 * first, as with curl. NO_PROXY is left to undici.
 * @param origin of the API
 * @returns undefined for a direct connection
 * @throws ConnectorError config_invalid, without the address, which may hold a password
 */
export function proxyFor(origin: string, env: Env): ProxyAddress | undefined {
  const { protocol } = new URL(origin);
  const variable = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const address = env[variable.toLowerCase()] ?? env[variable] ?? "";
  if (address === "") return undefined;
  const proxy = parsed(address);
  if (proxy === undefined) {
    throw configError(
      "config_invalid",
      `The environment variable ${variable} is not the address of a proxy like http://proxy.example:3128. In a user name or password, write % as %25 and @ as %40.`,
    );
  }
  // Plain http is for this machine alone; a proxy elsewhere would carry the keys over the network.
  if (protocol === "http:" && !isLoopback(proxy.hostname)) return undefined;
  return { variable, origin: proxy.origin, authorization: proxy.authorization };
}

/** @returns undefined for what is no address, or where a % in user or password begins no letter's number */
function parsed(address: string) {
  try {
    const url = new URL(address.includes("://") ? address : `http://${address}`);
    const { protocol, hostname, username, password, origin } = url;
    if (!/^https?:$/.test(protocol) || hostname === "") return undefined;
    const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    // RFC 7617.
    const authorization = user === ":" ? undefined : `Basic ${Buffer.from(user).toString("base64")}`;
    return { hostname, origin, authorization };
  } catch {
    return undefined;
  }
}
