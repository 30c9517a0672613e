import { execFileSync } from "node:child_process";
import path from "node:path";

export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** A certificate of `localhost` and the CA that signed it, as PEM files in `dir`. */
export function makeCertificate(dir: string): Certificate {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: dir, stdio: "ignore" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "subjectAltName=DNS:localhost"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test ca");
  openssl("req", "-x509", ...key, ...by, "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=localhost");
  return { cert: path.join(dir, "cert.pem"), key: path.join(dir, "key.pem"), ca: path.join(dir, "ca.pem") };
}
