import type { Destination } from "@chainkeep/core";
import { AwsClient } from "aws4fetch";
import { VaultError } from "../vault-error";
import { s3Env } from "./restic-env";

export interface S3Place {
  readonly endpoint: string;
  readonly bucket: string;
  readonly prefix: string;
}

/** Parts of `s3:https://host/bucket/prefix`; a host without a scheme is asked over https, as restic does. */
export function s3Place({ repository }: Destination): S3Place | undefined {
  const found = /^s3:(https?:\/\/)?([^/]+)\/([^/]+)\/?(.*)$/.exec(repository);
  if (!found) return undefined;
  return {
    endpoint: `${found[1] ?? "https://"}${found[2]}`,
    bucket: found[3] ?? "",
    prefix: (found[4] ?? "").replace(/\/$/, ""),
  };
}

const PATIENCE_MS = 20_000;

/**
 * Asks a bucket for one of its settings or lists; answer as text.
 *
 * @throws VaultError when there are no keys, or nobody answers
 */
export async function askBucket(
  destination: Destination,
  query: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly status: number; readonly text: string }> {
  const place = s3Place(destination);
  if (place === undefined) throw new VaultError("STORE_FAILED", `${destination.repository}: no S3 store`);
  const keys = await s3Env(destination, env);
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = keys;
  if (!accessKeyId || !secretAccessKey) {
    throw new VaultError("STORE_KEYS", `${destination.repository}: no access keys are in files or in the environment`);
  }
  const region = destination.region ?? keys.AWS_DEFAULT_REGION ?? regionIn(place.endpoint);
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    service: "s3",
    region,
    retries: 2,
    ...(sessionToken ? { sessionToken } : {}),
  });
  try {
    const url = `${place.endpoint}/${place.bucket}?${query}`;
    const answer = await client.fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new VaultError("STORE_UNREACHABLE", `${place.endpoint} cannot be reached: ${reason}`);
  }
}

function regionIn(endpoint: string): string {
  return /s3[.-]([a-z]{2}-[a-z-]+-\d)\.amazonaws/.exec(endpoint)?.[1] ?? "us-east-1";
}
