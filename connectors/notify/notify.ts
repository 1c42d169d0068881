/** Telling people how a run ended: by mail, or with a webhook. */
import type { Notification } from "./notification.ts";
import type { NotifyConfig, NotifyPorts, Told } from "./ports.ts";

export interface Notifier {
  /** Never throws for what may happen out there: a notification that fails is no failure of the night. */
  send(message: Notification): Promise<Told>;
}

/** Somebody that the configuration names; nothing is connected before the first `send`. */
export function connectNotifier(config: NotifyConfig, ports: NotifyPorts): Notifier {
  return {
    // Most nights tell nobody: what a mail takes is loaded when there is one.
    send: async (message) => {
      if (config.kind === "email") return (await import("./mail.ts")).sendMail(config, message, ports);
      return (await import("./webhook.ts")).postWebhook(config, message, ports);
    },
  };
}
