/** A line that restic prints with --json; the fields that we look at. */
export interface ResticMessage {
  readonly message_type?: string;
  readonly message?: string;
  readonly error?: { readonly message?: string };
  readonly item?: string;
  readonly total_bytes?: number;
  readonly bytes_done?: number;
  readonly bytes_restored?: number;
  readonly files_restored?: number;
  readonly total_files?: number;
  readonly total_files_processed?: number;
  readonly total_bytes_processed?: number;
  readonly data_added?: number;
  readonly data_added_packed?: number;
  readonly snapshot_id?: string;
}

/** Undefined for a line that is no message. */
export function messageOf(line: string): ResticMessage | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as ResticMessage;
  } catch {
    return undefined;
  }
}

/** What a line of standard error says; of an error about a file, with its name. */
export function saidIn(line: string): string {
  const message = messageOf(line);
  if (message === undefined) return line;
  if (message.message_type === "error") {
    const text = message.error?.message ?? message.message ?? "";
    return message.item && !text.includes(message.item) ? `${message.item}: ${text}` : text;
  }
  return message.message ?? line;
}

/** How far a text line says that it is: "[0:05] 12.50%  3 / 24 packs". */
export function shareIn(
  line: string,
): { readonly done: number; readonly of: number; readonly what: string } | undefined {
  const found = /(\d+) \/ (\d+) (\w+)/.exec(line);
  return found ? { done: Number(found[1]), of: Number(found[2]), what: found[3] ?? "" } : undefined;
}
