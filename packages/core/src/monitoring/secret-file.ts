import { text } from "../errors/fields";

/** A file that Alertmanager or Prometheus reads: a secret never stands in a configuration. */
export const secretFile = () =>
  text(
    /^\/[^\p{Cc}]{1,1000}$/u,
    "the absolute path of a file that holds it; secrets never stand in the args",
    "SECRET_FILE",
  );

export const httpUrl = (code: string) =>
  text(
    /^https?:\/\/[^\s@/?#]+(?:[/?#][^\s@]*)?$/,
    'an address like "https://example.org/path", without user and password',
    code,
  );
