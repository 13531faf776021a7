import { readFile } from "node:fs/promises";
import type { Destination } from "@chainkeep/core";
import { VaultError } from "../vault-error";

export interface ResticPlace {
  readonly destination: Destination;
  readonly passwordFile: string;
  /** Directory of restic's own cache. */
  readonly cache: string;
  /** Directory of its temporary files. */
  readonly temporary: string;
}

/** What restic inherits: nothing of the agent's own settings, and no setting of restic that a person has made for themselves. */
const INHERITED = ["PATH", "HOME", "SSL_CERT_FILE", "SSL_CERT_DIR", "http_proxy", "https_proxy", "no_proxy"];
const UPPER = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];

export const isS3 = ({ repository }: Destination): boolean => repository.startsWith("s3:");

/**
 * Environment of restic. Secrets are read now and go no other way.
 *
 * @throws VaultError when a file with one cannot be read
 */
export async function resticEnv(place: ResticPlace, env: NodeJS.ProcessEnv = process.env): Promise<NodeJS.ProcessEnv> {
  await firstLine(place.passwordFile, "password file", "STORE_PASSWORD");
  return {
    ...pick(env, (name) => INHERITED.includes(name) || UPPER.includes(name)),
    RESTIC_REPOSITORY: place.destination.repository,
    RESTIC_PASSWORD_FILE: place.passwordFile,
    RESTIC_CACHE_DIR: place.cache,
    RESTIC_PROGRESS_FPS: "4",
    TMPDIR: place.temporary,
    ...(isS3(place.destination) ? await s3Env(place.destination, env) : {}),
  };
}

/** Keys of the files where there are some, else what the machine has. */
export async function s3Env(destination: Destination, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const { region, accessKeyIdFile: id, secretAccessKeyFile: secret } = destination;
  const where = region === undefined ? {} : { AWS_DEFAULT_REGION: region, AWS_REGION: region };
  const own = pick(env, (name) => name.startsWith("AWS_"));
  if (id === undefined && secret === undefined) return { ...own, ...where };
  return {
    ...where,
    ...(id === undefined ? {} : { AWS_ACCESS_KEY_ID: await firstLine(id, "access key id", "STORE_KEYS") }),
    ...(secret === undefined
      ? {}
      : { AWS_SECRET_ACCESS_KEY: await firstLine(secret, "secret access key", "STORE_KEYS") }),
  };
}

async function firstLine(file: string, what: string, code: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new VaultError(code, `${file}: the ${what} cannot be read (${reason})`);
  }
  const line = text.split("\n")[0]?.trim() ?? "";
  if (line === "") throw new VaultError(code, `${file}: the ${what} is empty`);
  return line;
}

function pick(env: NodeJS.ProcessEnv, wanted: (name: string) => boolean): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => wanted(name)));
}
