import type { HealthProbe, ProbeRequest } from "./types";

/**
 * Requests that must be answered before this one can be put: those that hold the values of its placeholders.
 *
 * @returns Names of requests, each once.
 */
export function requestsBefore(probe: HealthProbe, name: string): string[] {
  const request = Object.hasOwn(probe.requests, name) ? probe.requests[name] : undefined;
  const used = request ? placeholdersOf(request) : { height: false, hash: false };
  const names = [
    ...(used.height ? [probe.head.height.from] : []),
    ...(used.hash && probe.head.hash ? [probe.head.hash.from] : []),
  ];
  return [...new Set(names)];
}

/** Which values a request wants to be filled in. */
export function placeholdersOf(request: ProbeRequest): { height: boolean; hash: boolean; checkpoint: boolean } {
  const texts = request.get === undefined ? textsOf(request.rpc?.params ?? []) : [request.get];
  const whole = request.get === undefined;
  const uses = (...words: string[]) => texts.some((t) => words.some((w) => (whole ? t === w : t.includes(w))));
  return {
    height: uses("$height", "$heightHex", "$parent"),
    hash: uses("$hash"),
    checkpoint: uses("$checkpoint", "$checkpointHex"),
  };
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

export interface ProbeMistake {
  /** Path below the probe. */
  readonly path: string;
  readonly message: string;
  readonly code: string;
}

const mistake = (path: string, message: string, code = "CHECKPOINT_HEIGHT"): ProbeMistake => ({ path, message, code });

/** What is wrong with the questions for an old block. One that names no height would compare heads, and every node would look forked. */
export function checkpointMistakes({ requests, checkpoint, proof }: HealthProbe): ProbeMistake[] {
  const misplaced = Object.entries(requests)
    .filter(([, request]) => placeholdersOf(request).checkpoint)
    .map(([name]) =>
      mistake(`requests.${name}`, "got $checkpoint in a question for the head; use it in checkpoint.request alone"),
    );
  return [
    ...misplaced,
    ...(checkpoint ? oldBlockMistakes("checkpoint.request", checkpoint.request, true) : []),
    ...(proof ? oldBlockMistakes("proof.block.request", proof.block.request, true) : []),
    ...(proof?.genesis ? oldBlockMistakes("proof.genesis.request", proof.genesis.request, false) : []),
  ];
}

function oldBlockMistakes(path: string, request: ProbeRequest, namesHeight: boolean): ProbeMistake[] {
  if ((request.rpc === undefined) === (request.get === undefined)) {
    const got = request.rpc === undefined ? "neither rpc nor get" : "both rpc and get";
    return [mistake(path, `got ${got}; use one of the two`, "REQUEST_FORM")];
  }
  const used = placeholdersOf(request);
  if (used.height || used.hash) {
    return [mistake(path, "got a placeholder of the head; use $checkpoint or $checkpointHex in its place")];
  }
  if (used.checkpoint === namesHeight) return [];
  return namesHeight
    ? [mistake(path, "got no height; put $checkpoint or $checkpointHex where the height of the block goes")]
    : [mistake(path, "got $checkpoint in the question for the first block; name that block itself")];
}
