/** A value that must never be seen: where it is kept, and, once the loader has read it, what it is. */

export type SecretPlace = { env: string } | { file: string };

export class Secret {
  readonly place: SecretPlace;
  #value: string | undefined;

  constructor(place: SecretPlace) {
    this.place = place;
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
