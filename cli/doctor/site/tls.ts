import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import { describeError, type Finding, fail, ok, warn } from "../finding";

const TIMEOUT_MS = 10_000;
const DAY_MS = 86_400_000;
/** AWS Certificate Manager renews a certificate 60 days before its end. With fewer days left, the renewal has failed. */
const FEW_DAYS = 30;
const RENEWAL =
  "renewal in ACM waits for DNS: https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-renewal.html";

/** OpenSSL's verification errors in plain words: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const IN_WORDS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "it has expired",
  CERT_NOT_YET_VALID: "it is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "it is signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: "no browser knows the authority that signed it",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "no browser knows the authority that signed it",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "browsers do not know its authority, or the server does not send the certificates in between",
  ERR_TLS_CERT_ALTNAME_INVALID: "it is for another name",
};

/** Checks the certificate, its end, and the TLS version. */
export async function checkTls(url: URL): Promise<Finding> {
  let socket: TLSSocket | undefined;
  try {
    socket = await shakeHands(url);
    const { valid_to, issuer } = socket.getPeerCertificate();
    const days = Math.floor((Date.parse(valid_to) - Date.now()) / DAY_MS);
    const says = `${socket.getProtocol()}, certificate by ${issuer?.O ?? issuer?.CN}, ${days} days left`;
    if (!socket.authorized) {
      const code = String(socket.authorizationError);
      const reason = IN_WORDS[code] ?? code;
      return fail(
        "tls",
        `${says}, refused by browsers: ${reason}`,
        `take a certificate of ${url.hostname} in certificateArn`,
      );
    }
    return days < FEW_DAYS ? warn("tls", says, RENEWAL) : ok("tls", says);
  } catch (error) {
    return fail(
      "tls",
      `no TLS on ${url.host}: ${describeError(error)}`,
      "look at the load balancer's listener and certificate",
    );
  } finally {
    socket?.destroy();
  }
}

/** Connects also with an invalid certificate, because its error is the finding. */
async function shakeHands({ hostname, port }: URL): Promise<TLSSocket> {
  const socket = connect({
    host: hostname,
    port: Number(port || 443),
    servername: hostname,
    rejectUnauthorized: false,
  });
  await once(socket, "secureConnect", { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return socket;
}
