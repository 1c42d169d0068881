/** Telling people how a run ended: by mail, or with a webhook. */
import { sendMail } from "./mail.ts";
import type { Notification } from "./notification.ts";
import type { NotifyConfig, NotifyPorts, Told } from "./ports.ts";
import { postWebhook } from "./webhook.ts";

export interface Notifier {
  /** Never throws for what may happen out there: a notification that fails is no failure of the night. */
  send(message: Notification): Promise<Told>;
}

/** Somebody that the configuration names; nothing is connected before the first `send`. */
export function connectNotifier(config: NotifyConfig, ports: NotifyPorts): Notifier {
  return {
    send: (message) =>
      config.kind === "email" ? sendMail(config, message, ports) : postWebhook(config, message, ports),
  };
}
