import { isLoopback } from "../config.ts";
import { configError } from "../errors.ts";

/** The environment's variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A proxy that the environment names. */
export interface ProxyAddress {
  /** Name of the environment variable: what messages call the proxy. */
  readonly variable: "HTTPS_PROXY" | "HTTP_PROXY";
  /** Scheme, host and port, without user and password. */
  readonly origin: string;
  /** Value of the header Proxy-Authorization; undefined where the address has no user. */
  readonly authorization: string | undefined;
}

/**
 * The proxy for requests to an origin: HTTPS_PROXY or HTTP_PROXY after the origin's scheme; the lower-case names come
 * first, as with curl. NO_PROXY is not looked at.
 * @param origin of the API
 * @returns undefined for a direct connection
 * @throws ConnectorError config_invalid, without the address, which may hold a password
 */
export function proxyFor(origin: string, env: Env): ProxyAddress | undefined {
  const { protocol } = new URL(origin);
  const variable = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const address = env[variable.toLowerCase()] ?? env[variable] ?? "";
  if (address === "") return undefined;
  const url = parsed(address);
  if (url === undefined) {
    throw configError(
      "config_invalid",
      `The environment variable ${variable} is not the address of a proxy like http://proxy.example:3128. In a user name or password, write % as %25 and @ as %40.`,
    );
  }
  // Plain http is for this machine alone; a proxy elsewhere would carry the keys over the network.
  if (protocol === "http:" && !isLoopback(url.hostname)) return undefined;
  return { variable, origin: url.origin, authorization: authorizationIn(url) };
}

function parsed(address: string): URL | undefined {
  const text = address.includes("://") ? address : `http://${address}`;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isReadable = isEncoded(url.username) && isEncoded(url.password);
  return /^https?:$/.test(url.protocol) && url.hostname !== "" && isReadable ? url : undefined;
}

/** Whether each % in a part of a URL begins a letter's number. */
function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** RFC 7617. */
function authorizationIn({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(plain).toString("base64")}`;
}
