/** Why a mail could not be sent, in words without the server's own: those repeat addresses. */

const CERTIFICATES = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/;

/** By nodemailer's codes; the number is the SMTP reply's. */
const IN_WORDS: Record<string, string> = {
  EAUTH: "the mail server did not accept username and password",
  EABORT: "the mail server took too long",
  ETIMEDOUT: "the mail server did not answer in time",
  EDNS: "the host name of the mail server is not known",
  ETLS: "the mail server offers no TLS, or none that can be trusted, so nothing was sent",
  ECONNECTION: "the mail server closed the connection",
  EPROTOCOL: "what answers there is no mail server, or is out of order",
  EENVELOPE: "the mail server refused the sender or every recipient",
  EMESSAGE: "the mail server refused the message",
};

/** @param error what nodemailer has thrown */
export function mailFault(error: unknown): string {
  const {
    code = "",
    originalCode = "",
    responseCode,
  } = error as {
    code?: string;
    originalCode?: string;
    responseCode?: number;
  };
  if (CERTIFICATES.test(originalCode))
    return `the mail server's certificate is not trusted (${originalCode})`;
  if (originalCode === "ECONNREFUSED") return "the mail server refuses connections";
  const words =
    IN_WORDS[code] ?? `the connection to the mail server failed (${originalCode || code || "unknown"})`;
  return responseCode === undefined ? words : `${words} (${responseCode})`;
}
