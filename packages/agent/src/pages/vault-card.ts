import { durationText, type StatusDocument, type StatusPoint, type StatusVault, type VaultJob } from "@chainkeep/core";
import { type Content, type Html, html } from "./html";
import { bytes, count, said, sign, since, until } from "./words";

const MAX_POINTS = 20;

/** What there is to restore from, what is being done with it, and how far the live copies are behind. */
export function vaultCard({ points, vault, time }: StatusDocument): Html {
  if (!vault && points.length === 0) {
    return html`<p>No vault yet: no backup vault is attached to this cluster, so there is nothing to restore it from.</p>`;
  }
  return html`${vault ? vaultLines(vault, time) : false}${points.length === 0 ? html`<p>${vault?.pointsAt === null ? "The store has not told its points yet." : "No point was taken yet."}</p>` : pointsTable(points, time)}`;
}

function vaultLines(vault: StatusVault, time: number): Html {
  const { job, lastAttempt, lastVerification, lastDrill, lastCheck, nextBackupAt, mirrors } = vault;
  const behind = mirrors.map(({ node, lagBlocks, lagSeconds, promoted }) => {
    const lag = lagBlocks === null ? "does not tell its height" : `${count(lagBlocks)} blocks behind`;
    const seconds = lagSeconds === null || lagSeconds === 0 ? "" : `, ${durationText(lagSeconds)}`;
    return html`<p>Live copy ${said(node)}: ${lag}${seconds}${promoted ? "; promoted, it serves users" : ""}</p>`;
  });
  return html`${job ? html`<p>${sign("info")} Now: ${jobText(job)}</p>` : false}${
    lastAttempt !== null &&
    !lastAttempt.ok &&
    html`<p class="bad">${sign("bad")} The last backup failed ${since(time, lastAttempt.at)} ago: ${said(lastAttempt.text)}</p>`
  }${
    lastVerification !== null &&
    !lastVerification.ok &&
    html`<p class="bad">${sign("bad")} ${said(lastVerification.point)} failed its proof ${since(time, lastVerification.at)} ago: ${said(lastVerification.text)}</p>`
  }${
    lastCheck !== null &&
    !lastCheck.ok &&
    html`<p class="bad">${sign("bad")} The store was found damaged ${since(time, lastCheck.at)} ago: ${said(lastCheck.text)}</p>`
  }${
    lastDrill !== null &&
    html`<p${lastDrill.ok ? "" : html` class="bad"`}>${sign(lastDrill.ok ? "good" : "bad")} Last drill ${since(time, lastDrill.at)} ago: ${said(lastDrill.text)}</p>`
  }${nextBackupAt !== null && html`<p>Next backup ${nextBackupAt <= time ? "now" : html`in ${until(time, nextBackupAt)}`}</p>`}${behind}`;
}

function jobText({ kind, subject, steps, progress }: VaultJob): string {
  const step = steps.at(-1)?.name;
  const share = progress?.totalBytes ? `, ${Math.floor((100 * progress.doneBytes) / progress.totalBytes)} %` : "";
  const done = progress ? `, ${bytes(progress.doneBytes)}` : "";
  const rate = progress?.bytesPerSecond == null ? "" : `, ${bytes(progress.bytesPerSecond)}/s`;
  const left = progress?.secondsLeft == null ? "" : `, ${durationText(progress.secondsLeft)} left`;
  return `${kind} of ${subject}${step === undefined ? "" : `: ${step}`}${done}${share}${rate}${left}`;
}

function pointsTable(list: readonly StatusPoint[], time: number): Html {
  const newest = [...list].sort((a, b) => b.createdAt - a.createdAt);
  return html`<div class="scroll"><table><thead><tr><th scope="col">Point</th><th scope="col">Node</th><th scope="col" class="n">Height</th><th scope="col" class="n">Age</th><th scope="col" class="n">Size</th><th scope="col">Verified</th><th scope="col">Locked</th></tr></thead>
<tbody>${newest
    .slice(0, MAX_POINTS)
    .map(
      (p) =>
        html`<tr><td>${said(p.id)}</td><td>${p.node}</td><td class="n">${count(p.height)}</td><td class="n">${since(time, p.createdAt)}</td><td class="n">${bytes(p.sizeBytes)}</td><td>${verified(p)}</td><td>${locked(p, time)}</td></tr>`,
    )}</tbody></table></div>${list.length > MAX_POINTS && html`<p class="note">and ${count(list.length - MAX_POINTS)} older ones.</p>`}`;
}

function verified({ bad, verified: level }: StatusPoint): Html {
  if (bad !== null) return html`<span class="bad">${sign("bad")} bad at ${said(bad)}</span>`;
  return level === null
    ? html`<span class="warn">${sign("warn")} not yet</span>`
    : html`<span class="good">${sign("good")} ${level}</span>`;
}

function locked({ lockedUntil }: StatusPoint, time: number): Content {
  return lockedUntil === null || lockedUntil <= time ? "no" : html`for ${until(time, lockedUntil)}`;
}
