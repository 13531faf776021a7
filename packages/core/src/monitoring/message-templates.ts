/**
 * Texts that a person reads, as Alertmanager templates. Summary, description and labels come from alerts, and so in the end from
 * what nodes answered: each medium writes them so that they stay text.
 */
export interface Medium {
  /** What a value goes through; empty where Alertmanager itself escapes for HTML. */
  readonly text: string;
  /** The same for addresses. */
  readonly address: string;
  readonly newLine: string;
  readonly strong: (text: string) => string;
  readonly link: (label: string, address: string) => string;
  /** Alerts that are told in full, and in one line each: services cut off long messages, some in the middle of a tag. */
  readonly full: number;
  readonly brief: number;
}

const replaced = (pattern: string, by: string) => ` | reReplaceAll ${JSON.stringify(pattern)} ${JSON.stringify(by)}`;
const AS_ENTITIES = replaced("&", "&amp;") + replaced("<", "&lt;") + replaced(">", "&gt;");
/** In Markdown, a backslash takes the meaning of a sign. */
const AS_MARKDOWN = replaced("([\\\\`*_~|<>\\[\\]])", "\\$1");
const AS_ADDRESS = replaced("\\(", "%28") + replaced("\\)", "%29") + replaced("<", "%3C") + replaced(">", "%3E");
const NO_SPACES = replaced("\\s", "%20");

export const SLACK: Medium = {
  text: AS_ENTITIES,
  address: `${NO_SPACES}${replaced("\\|", "%7C")}${AS_ENTITIES}`,
  newLine: "\n",
  strong: (text) => `*${text}*`,
  link: (label, address) => `<${address}|${label}>`,
  full: 5,
  brief: 20,
};

export const DISCORD: Medium = {
  text: AS_MARKDOWN,
  address: NO_SPACES + AS_ADDRESS,
  newLine: "\n",
  strong: (text) => `**${text}**`,
  link: (label, address) => `[${label}](${address})`,
  full: 4,
  brief: 15,
};

/** A card shows one line break only where there are two. */
export const TEAMS: Medium = { ...DISCORD, newLine: "\n\n", full: 5, brief: 20 };

/** Parse mode HTML: Telegram refuses a message with a broken tag, so that it must never be cut off. */
export const TELEGRAM: Medium = {
  text: "",
  address: "",
  newLine: "\n",
  strong: (text) => `<b>${text}</b>`,
  link: (label, address) => `<a href="${address}">${label}</a>`,
  full: 3,
  brief: 10,
};

export const MAIL: Medium = { ...TELEGRAM, newLine: "<br>\n", full: 30, brief: 200 };

export const PLAIN: Medium = {
  text: "",
  address: "",
  newLine: "\n",
  strong: (text) => text,
  link: (label, address) => `${label}: ${address}\n`,
  full: 20,
  brief: 100,
};

/** `CRITICAL: NodeDown on sepolia (prod)`; the number where several of a kind fire. */
export function title(text = ""): string {
  return `${state(text)}: ${label("alertname", text)}${label("network", text, " on ")}${label("stack", text, " (", ")")}`;
}

/** The same for Amazon SNS, which refuses subjects of more than 100 signs and all but printable ASCII. */
export function subject(): string {
  const ascii = (signs: number) => `${replaced("[^ -~]+", "?")} | printf "%.${signs}s"`;
  const where = `${label("network", ascii(20), " on ")}${label("stack", ascii(20), " (", ")")}`;
  return `${state(ascii(10))}: ${label("alertname", ascii(30))}${where}`;
}

function state(text: string): string {
  const severity = `{{ with .CommonLabels.severity }}{{ . | toUpper${text} }}{{ else }}ALERT{{ end }}`;
  const count = "{{ if gt (len .Alerts.Firing) 1 }} ({{ len .Alerts.Firing }}){{ end }}";
  return `{{ if eq .Status "firing" }}${severity}${count}{{ else }}RESOLVED{{ end }}`;
}

function label(name: string, text: string, before = "", after = ""): string {
  return `{{ with .CommonLabels.${name} }}${before}{{ .${text} }}${after}{{ end }}`;
}

/** What fires, each with its reason and its links, and what is over. */
export function body(medium: Medium): string {
  return firing(medium) + resolved(medium);
}

/** A text is cut to so many signs, never an address. */
const cut = (value: string, signs: number, text: string) => `{{ printf "%.${signs}s" ${value}${text} }}`;
/** Alerts of others may have no summary; their name at least is there. */
const summary = (signs: number, text: string) =>
  `{{ if .Annotations.summary }}${cut(".Annotations.summary", signs, text)}{{ else }}${cut(".Labels.alertname", signs, text)}{{ end }}`;

export function firing(medium: Medium): string {
  const { newLine, text, strong } = medium;
  const inFull = [
    strong(summary(150, text)),
    `{{ with .Annotations.description }}${newLine}${cut(".", 400, text)}{{ end }}`,
    `${newLine}Since {{ .StartsAt.UTC.Format "2006-01-02 15:04:05 MST" }}${newLine}`,
    links(medium),
    newLine,
  ].join("");
  return list(".Alerts.Firing", inFull, `${summary(80, text)}${newLine}`, medium);
}

export function resolved(medium: Medium): string {
  const { newLine, text } = medium;
  const over = `Resolved: ${summary(150, text)}, after {{ .EndsAt.Sub .StartsAt | humanizeDuration }}${newLine}`;
  return list(".Alerts.Resolved", over, `Resolved: ${summary(80, text)}${newLine}`, medium);
}

function list(alerts: string, inFull: string, inBrief: string, { full, brief, newLine }: Medium): string {
  const all = full + brief;
  const each = `{{ if lt $i ${full} }}${inFull}{{ else if lt $i ${all} }}${inBrief}{{ end }}`;
  const more = `{{ if gt (len ${alerts}) ${all} }}and more: {{ len ${alerts} }} in all${newLine}{{ end }}`;
  return `{{ range $i, $alert := ${alerts} }}${each}{{ end }}${more}`;
}

function links({ link, address, newLine }: Medium): string {
  const one = (label: string, annotation: string) =>
    `{{ with .Annotations.${annotation} }}${link(label, `{{ .${address} }}`)} {{ end }}`;
  return `${one("Runbook", "runbook_url")}${one("Dashboard", "dashboard_url")}${newLine}`;
}

/** An annotation of the first alert of a message, for services that take one link. */
export const first = (annotation: string) =>
  `{{ range $i, $alert := .Alerts }}{{ if eq $i 0 }}{{ .Annotations.${annotation} }}{{ end }}{{ end }}`;

/** A label that all alerts of the message share, or a word in its place. */
export const common = (label: string, otherwise: string) =>
  `{{ with .CommonLabels.${label} }}{{ . }}{{ else }}${otherwise}{{ end }}`;
