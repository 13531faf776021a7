import type { RecoveryPoint, Testimony } from "@chainkeep/core";

/** What a comparison comes to. */
export type Judgement =
  | { readonly kind: "proven" }
  | { readonly kind: "bad" | "undecided"; readonly code: string; readonly text: string };

export interface ChainCase {
  readonly guest: Testimony;
  readonly witnesses: readonly Testimony[];
  /** So many witnesses must agree. */
  readonly least: number;
  /** What the point's record says of that block; only what is known and cannot change any more. */
  readonly record?: Partial<Pick<RecoveryPoint, "chainId" | "genesis" | "blockHash" | "stateHash">>;
}

const PROVEN: Judgement = { kind: "proven" };
const bad = (code: string, text: string): Judgement => ({ kind: "bad", code, text });

/**
 * Whether a block of the restored copy is that of the chain. Nothing is held against a point that fewer than `least` witnesses say, or that
 * as many contradict. Pure.
 */
export function judgeChain({ guest, witnesses, least, record = {} }: ChainCase): Judgement {
  const { chainId } = record;
  if (differ(guest.chainId, chainId))
    return bad("CHAIN_ID", `holds chain ${guest.chainId} where its record says ${chainId}`);
  const whole = [
    compare(witnesses, guest, "chainId", least, (g, w) => bad("CHAIN_ID", `holds chain ${g} where ${w}`)),
    compare(witnesses, guest, "genesis", least, (g, w) => bad("CHAIN_GENESIS", `begins with block ${g} where ${w}`)),
  ];
  const stranger = whole.find((part) => part?.kind === "bad");
  if (stranger) return stranger;
  const told = witnesses.filter(({ hash }) => hash !== null);
  if (told.length < least) return few(told, least);
  const parts = [
    ...whole,
    guest.hash === null
      ? bad("CHAIN_BLOCK_MISSING", `does not hold block ${guest.height} that its record speaks of`)
      : compare(told, guest, "hash", least, (g, w) =>
          bad("CHAIN_FORK", `is on a fork: block ${guest.height} is ${g} where ${w}`),
        ),
    compare(told, guest, "state", least, (g, w) =>
      bad("CHAIN_STATE", `has another state at block ${guest.height}: ${g} where ${w}`),
    ),
  ];
  return (
    parts.find((part) => part?.kind === "bad") ??
    parts.find((part) => part?.kind === "undecided") ??
    ofRecord(guest, record)
  );
}

function few(told: readonly Testimony[], least: number): Judgement {
  const who = told.length === 0 ? "nobody" : told.map((w) => w.who).join(", ");
  const text = `${least} independent nodes must tell that block and ${who} does; have more nodes ready, or set a reference`;
  return { kind: "undecided", code: "PROOF_FEW_WITNESSES", text };
}

/** Undefined where the guest, or everybody else, does not tell. */
function compare(
  told: readonly Testimony[],
  guest: Testimony,
  field: "chainId" | "genesis" | "hash" | "state",
  least: number,
  against: (guest: string, witnesses: string) => Judgement,
): Judgement | undefined {
  const own = guest[field];
  const others = told.filter((w) => w[field] !== null);
  if (own === null || others.length === 0) return undefined;
  const alike = others.filter((w) => w[field] === own);
  const unlike = largest(
    others.filter((w) => w[field] !== own),
    field,
  );
  const contradicts = unlike.length >= least && unlike.length > alike.length;
  if (contradicts) return against(own, `${names(unlike)} say ${unlike[0]?.[field]}`);
  if (unlike.length === 0 || (alike.length >= least && alike.length > unlike.length)) return undefined;
  const text = `the witnesses are not of one mind: ${names(alike)} agree with the copy, ${names(unlike)} do not`;
  return { kind: "undecided", code: "PROOF_WITNESSES_DISAGREE", text };
}

/** The largest party of those who say the same. */
function largest(witnesses: readonly Testimony[], field: "chainId" | "genesis" | "hash" | "state"): Testimony[] {
  const parties = new Map<string | null, Testimony[]>();
  for (const w of witnesses) parties.set(w[field], [...(parties.get(w[field]) ?? []), w]);
  return [...parties.values()].sort((a, b) => b.length - a.length)[0] ?? [];
}

/** The copy is of the chain; is it what its record says, too? */
function ofRecord(guest: Testimony, { genesis, blockHash, stateHash }: NonNullable<ChainCase["record"]>): Judgement {
  const told: readonly (readonly [string, string | null, string | null | undefined])[] = [
    ["genesis", guest.genesis, genesis],
    ["block", guest.hash, blockHash],
    ["state", guest.state, stateHash],
  ];
  const wrong = told.find(([, own, recorded]) => differ(own, recorded));
  if (!wrong) return PROVEN;
  return bad("RECORD_MISMATCH", `holds ${wrong[0]} ${wrong[1]} where its record says ${wrong[2]}`);
}

function differ(own: string | null, recorded: string | null | undefined): boolean {
  return own !== null && recorded !== null && recorded !== undefined && own !== recorded;
}

function names(witnesses: readonly Testimony[]): string {
  return witnesses.length === 0 ? "nobody" : witnesses.map((w) => w.who).join(", ");
}
