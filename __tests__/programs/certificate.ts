import { execFileSync } from "node:child_process";
import path from "node:path";

/** Files of a certificate, and of the CA that signed it. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/**
 * Makes a CA and a certificate by it, in a folder.
 *
 * @param names - whom the certificate is of. @default - localhost
 */
export function makeCertificate(folder: string, names: readonly string[] = ["localhost"]): Certificate {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  const fresh = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  openssl("req", "-x509", ...fresh, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test ca");
  const alternatives = names.map((name) => `DNS:${name}`).join();
  const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-addext", `subjectAltName=${alternatives}`];
  openssl("req", "-x509", ...signed, ...fresh, "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=localhost");
  const at = (name: string) => path.join(folder, name);
  return { cert: at("cert.pem"), key: at("key.pem"), ca: at("ca.pem") };
}
