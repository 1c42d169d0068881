/** A value that must never be seen: where it is kept, and, once the loader has read it, what it is. */
import { resolve } from "node:path";

export type SecretPlace = { env: string } | { file: string };

export class Secret {
  #place: SecretPlace;
  #value: string | undefined;

  constructor(place: SecretPlace) {
    this.#place = place;
  }

  get place(): SecretPlace {
    return this.#place;
  }

  /** Makes a relative file absolute; called once, by the loader, which knows the configuration's folder. */
  anchor(folder: string): void {
    if ("file" in this.#place) this.#place = { file: resolve(folder, this.#place.file) };
  }

  /** Called once, by the loader. */
  resolve(value: string): void {
    this.#value = value;
  }

  /** The secret itself: only for the wire, never for a message. */
  reveal(): string {
    if (this.#value === undefined) throw new Error(`secret ${this.where()} was used before it was read`);
    return this.#value;
  }

  where(): string {
    return "env" in this.place ? `environment variable ${this.place.env}` : `file ${this.place.file}`;
  }

  toJSON(): SecretPlace {
    return this.place;
  }
}
