import type { Destination, VaultPolicy } from "@chainkeep/core";
import { asVaultError } from "../vault-error";
import { isS3 } from "./restic-env";
import { askBucket } from "./s3-ask";

export interface LockCheck {
  readonly ok: boolean;
  readonly text: string;
}

type Lock = NonNullable<VaultPolicy["lock"]>;

/** Whether a place keeps by itself what the policy wants to be locked. Never throws: what cannot be found out is not ok. */
export async function checkBucketLock(
  destination: Destination,
  lock: Lock,
  env?: NodeJS.ProcessEnv,
): Promise<LockCheck> {
  if (!isS3(destination)) return directoryLock(lock);
  try {
    const { status, text } = await askBucket(destination, "object-lock", env);
    if (status === 404 && text.includes("NoSuchBucket")) return { ok: false, text: "the bucket does not exist" };
    if (status === 404) return without(lock);
    if (status !== 200)
      return { ok: false, text: `the bucket does not tell its Object Lock: it answers ${status}${codeIn(text)}` };
    return compared(text, lock);
  } catch (error) {
    return { ok: false, text: asVaultError(error).message };
  }
}

/** Chainkeep keeps to the lock; a directory itself keeps nobody from anything. */
function directoryLock({ mode }: Lock): LockCheck {
  if (mode === "compliance")
    return {
      ok: false,
      text: "a directory can always be deleted; a compliance lock needs an S3 bucket with Object Lock",
    };
  return { ok: true, text: "Chainkeep deletes no point before its time; whoever may write to the directory can" };
}

function without({ mode }: Lock): LockCheck {
  const text = "the bucket has no Object Lock: whoever has the keys can delete points before their time";
  return {
    ok: false,
    text: mode === "compliance" ? `${text}; make a bucket with Object Lock in compliance mode` : text,
  };
}

/** The bucket's default retention, which every object gets. */
function compared(xml: string, { mode, days }: Lock): LockCheck {
  if (textIn(xml, "ObjectLockEnabled") !== "Enabled") return without({ mode, days });
  const found = textIn(xml, "Mode")?.toLowerCase();
  const period = Number(textIn(xml, "Days") ?? Number(textIn(xml, "Years")) * 365);
  if (found === undefined || !Number.isFinite(period) || period <= 0) {
    return {
      ok: false,
      text: `the bucket has Object Lock, but no default retention; set one of ${days} days in ${mode} mode`,
    };
  }
  const has = `the bucket locks new objects for ${period} days in ${found} mode`;
  const weaker = mode === "compliance" && found !== "compliance";
  if (weaker || period < days) return { ok: false, text: `${has}; the policy wants ${days} days in ${mode} mode` };
  if (mode === "governance" && found === "compliance") {
    return { ok: true, text: `${has}: nobody can delete them before, and they are paid for until then` };
  }
  return { ok: true, text: has };
}

function textIn(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>\\s*([^<\\s]+)\\s*</${name}>`).exec(xml)?.[1];
}

function codeIn(xml: string): string {
  const code = textIn(xml, "Code");
  return code === undefined ? "" : ` (${code})`;
}
