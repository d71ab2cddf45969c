import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** A certificate that nobody has signed but itself, with its key. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** Where the certificate stands, for NODE_EXTRA_CA_CERTS. */
  readonly path: string;
}

const openssl = promisify(execFile);

/** Makes a certificate for this name or address (as in `DNS:localhost` or `IP:127.0.0.1`) in a folder. */
export async function makeCertificate(folder: string, subject: string): Promise<Certificate> {
  const path = join(folder, "cert.pem");
  const keyPath = join(folder, "key.pem");
  await openssl("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...["-keyout", keyPath, "-out", path, "-days", "2", "-subj", "/CN=test"],
    ...["-addext", `subjectAltName=${subject}`],
  ]);
  return { key: await readFile(keyPath, "utf8"), cert: await readFile(path, "utf8"), path };
}
