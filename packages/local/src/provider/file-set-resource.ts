import { rm } from "node:fs/promises";
import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { contentDigest } from "../resources/digest";
import { writeFiles } from "../supervisor/atomic-file";
import { inTurn } from "../supervisor/file-lock";
import { LocalError } from "../supervisor/problem";
import { type Claims, readClaims, withoutPaths, writeClaims } from "./claims-file";
import {
  type FileSetProps,
  fileSetInputs,
  fileSetProblems,
  fileSetProps,
  IDENTITY_FILE,
  type WantedFile,
  type Written,
  wantedFiles,
} from "./file-set-props";
import { bring, digestOnDisk, exists, look, recordOf, remove, removedIfEmpty } from "./files-on-disk";
import { firstDataFile, identityProblems } from "./identity";
import { purge } from "./purge";
import { failures, GONE, newClaim, type ResourceHandler } from "./resource-handler";
import { hasUnknown, plainObject, type Raw, secret } from "./wire";

export const fileSetHandler: ResourceHandler = {
  async check(_olds, news) {
    const problems = fileSetProblems(news);
    if (problems.length > 0) return { inputs: news, failures: failures(problems, news) };
    const { directory, identity } = plainObject(news);
    const known = typeof directory === "string" && typeof identity === "string";
    const conflicts = known ? await identityProblems(directory, identity) : [];
    return { inputs: fileSetInputs(news), failures: failures(conflicts, news) };
  },

  async diff(olds, news) {
    const after = plainObject(news);
    if (plainObject(olds).directory !== after.directory) return { changes: true, replaces: ["directory"] };
    if (hasUnknown(after)) return { changes: true };
    const settings = (props: Raw) => ({ ...fileSetProps(props), claim: undefined });
    const same = isDeepStrictEqual(settings(olds), settings(news));
    return { changes: !same || !isDeepStrictEqual(writtenOf(olds), recordsOf(wantedFiles(news))) };
  },

  async create(inputs) {
    const claim = newClaim();
    const { directory } = fileSetProps(inputs);
    const outs = await inTurn(directory, () => write(inputs, claim, {}));
    return { id: directory, outs };
  },

  async read(id, props) {
    const { directory } = fileSetProps(props);
    const written = writtenOf(props);
    const found = await look(directory, written);
    const managed = (files: Written) => Object.values(files).filter((file) => !file.createOnly).length;
    const gone = !(await exists(directory)) || (managed(written) > 0 && managed(found) === 0);
    return gone ? GONE : { id, props: { ...props, ...writtenOuts(found, secretNames(props)) } };
  },

  async update(_id, olds, news) {
    const { directory, claim = newClaim() } = fileSetProps(olds);
    return { outs: await inTurn(directory, () => write(news, claim, writtenOf(olds))) };
  },

  async delete(props) {
    const set = fileSetProps(props);
    await inTurn(set.directory, () => erase(set, writtenOf(props)));
  },
};

/** Brings the files to what is wanted. A file that was left to its program is not looked at again. */
async function write(inputs: Raw, claim: string, before: Written): Promise<Raw> {
  const { directory, identity, stateDir, purgeData } = fileSetProps(inputs);
  const subject = `FileSet ${directory}`;
  const conflicts = await identityProblems(directory, identity);
  if (conflicts.length > 0) throw new LocalError(subject, conflicts);

  const wanted = wantedFiles(inputs);
  const due = wanted.filter((file) => !(file.createOnly && before[file.path]?.createOnly === true));
  const written = await bring(directory, due);
  const wantedPaths = new Set(wanted.map((file) => file.path));
  const dropped = Object.keys(before).filter((name) => !wantedPaths.has(name) && before[name]?.createOnly !== true);
  await remove(directory, dropped);
  if (identity !== "") {
    const problems = await writeFiles([
      { path: path.join(directory, IDENTITY_FILE), content: `${identity}\n`, mode: 0o600 },
    ]);
    if (problems.length > 0) throw new LocalError(subject, problems);
  }
  const kept = withoutPaths(await readClaims(directory), dropped);
  await writeClaims(directory, { ...kept, ...claimsOf(wanted, written, claim) });

  const secrets = new Set(wanted.filter((file) => file.secret).map((file) => file.path));
  const { files: _files, secretFiles: _secretFiles, ...rest } = inputs;
  return { ...rest, directory, stateDir, identity, purgeData, claim, ...writtenOuts(recordsOf(wanted), secrets) };
}

function claimsOf(wanted: readonly WantedFile[], written: readonly WantedFile[], claim: string): Claims {
  const managed = wanted.filter((file) => !file.createOnly).map((file) => [file.path, { claim }] as const);
  const created = written
    .filter((file) => file.createOnly)
    .map((file) => [file.path, { claim, digest: contentDigest(file.content) }] as const);
  return Object.fromEntries([...managed, ...created]);
}

/** Removes what this set wrote and nobody has changed hands over; the rest is data. */
async function erase(set: FileSetProps, written: Written): Promise<void> {
  const { directory, claim, purgeData, stateDir } = set;
  if (!(await exists(directory))) return;
  const claims = await readClaims(directory);
  const isOurs = (name: string) => claim === undefined || (claims[name]?.claim ?? claim) === claim;
  const others = Object.values(claims).some((other) => claim !== undefined && other.claim !== claim);
  if (purgeData && !others) return purge(directory, stateDir);

  const ours = Object.keys(written).filter(isOurs);
  const names: string[] = [];
  for (const name of ours) {
    if (written[name]?.createOnly !== true || (await isUntouched(directory, name, claims))) names.push(name);
  }
  await remove(directory, names);
  await writeClaims(directory, withoutPaths(claims, ours));
  if ((await firstDataFile(directory, {})) !== undefined) return;
  // Nothing is left that belongs to a chain.
  await rm(path.join(directory, IDENTITY_FILE), { force: true });
  await removedIfEmpty(directory);
}

/** A file that its program has not changed since says nothing that could not be written again. */
async function isUntouched(directory: string, name: string, claims: Claims): Promise<boolean> {
  const digest = claims[name]?.digest;
  return digest !== undefined && digest === (await digestOnDisk(path.join(directory, name)));
}

function recordsOf(wanted: readonly WantedFile[]): Written {
  return Object.fromEntries(wanted.map((file) => [file.path, recordOf(file)]));
}

/** Digests of secret files are secret too: a short password could be guessed from one. */
function writtenOuts(written: Written, secrets: ReadonlySet<string>): Raw {
  const pick = (isSecret: boolean) =>
    Object.fromEntries(Object.entries(written).filter(([name]) => secrets.has(name) === isSecret));
  return { written: pick(false), secretWritten: secret(pick(true)) };
}

function writtenOf(props: Raw): Written {
  const { written, secretWritten } = plainObject(props);
  return { ...(written as Written | undefined), ...(secretWritten as Written | undefined) };
}

function secretNames(props: Raw): ReadonlySet<string> {
  return new Set(Object.keys((plainObject(props).secretWritten ?? {}) as Written));
}
