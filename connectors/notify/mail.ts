/** A notification by mail, over SMTP. */
import { createTransport } from "nodemailer";
import { mailFault } from "./mail-faults.ts";
import { type Notification, smallPrint } from "./notification.ts";
import type { NotifyConfig, NotifyPorts, Told } from "./ports.ts";

type MailConfig = Extract<NotifyConfig, { kind: "email" }>;

/** On this port TLS begins with the first byte, whatever else is configured (RFC 8314 §3.3). */
const IMPLICIT_TLS_PORT = 465;
/** How long a server may take to hang up once all is said, in milliseconds. */
const FAREWELL = 1000;

export async function sendMail(
  config: MailConfig,
  message: Notification,
  ports: Pick<NotifyPorts, "signal" | "timeout">,
): Promise<Told> {
  const transport = createTransport(connectionOf(config, ports.timeout));
  try {
    const { rejected } = await transport.sendMail({
      from: config.from,
      to: config.to,
      subject: message.subject,
      text: `${message.text}\n\n${smallPrint(message.facts).join("\n")}\n`,
      // Nobody's absence note is to answer a machine (RFC 3834 §5).
      headers: { "Auto-Submitted": "auto-generated" },
      signal: ports.signal,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    if (rejected.length === 0) return { ok: true };
    return { ok: false, why: `the mail server refused ${rejected.length} of the recipients` };
  } catch (error) {
    return { ok: false, why: mailFault(error) };
  }
}

/**
 * STARTTLS is used wherever it is offered. A password leaves this machine in no other way; towards the machine
 * itself, whose mail servers commonly have certificates of their own making, it may.
 */
function connectionOf({ host, port, secure, username, password }: MailConfig, timeout: number) {
  const isHere = /^(localhost|127\.[\d.]+|::1)$/i.test(host);
  return {
    host,
    port,
    secure: secure || port === IMPLICIT_TLS_PORT,
    requireTLS: password !== undefined && !isHere,
    ...(isHere && { tls: { rejectUnauthorized: false } }),
    ...(username !== undefined && { auth: { user: username, pass: password?.reveal() ?? "" } }),
    dnsTimeout: timeout,
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    socketCloseTimeout: Math.min(timeout, FAREWELL),
  };
}
