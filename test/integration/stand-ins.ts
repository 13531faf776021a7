import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { type AddressInfo, createServer as createListener, type Server as Listener, type Socket } from "node:net";

const LOOPBACK = "127.0.0.1";

export interface Request {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What each service answers when it took a message; with anything else Alertmanager would try again. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  slack: { status: 200, type: "text/plain", body: "ok" },
  discord: { status: 204, type: "text/plain", body: "" },
  telegram: {
    status: 200,
    type: "application/json",
    body: JSON.stringify({ ok: true, result: { message_id: 1, date: 1, chat: { id: -1001, type: "group" } } }),
  },
  pagerduty: { status: 202, type: "application/json", body: JSON.stringify({ status: "success" }) },
  opsgenie: { status: 202, type: "application/json", body: JSON.stringify({ result: "Request will be processed" }) },
  sns: {
    status: 200,
    type: "text/xml",
    body: '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>',
  },
};
const TAKEN: Answer = { status: 200, type: "text/plain", body: "" };

/** Stands in for every service that is told by HTTP: the first part of the path says which. */
export class Services {
  readonly requests: Request[] = [];
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Services> {
    const server = createServer();
    const services = new Services(server);
    server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { method = "", url: path = "", headers } = request;
        services.requests.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
        const { status, type, body } = ANSWERS[path.split("/")[1] ?? ""] ?? TAKEN;
        response.writeHead(status, { "content-type": type }).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
    return services;
  }

  url(service: string): string {
    return `http://${LOOPBACK}:${(this.server.address() as AddressInfo).port}/${service}`;
  }

  of(service: string): Request[] {
    return this.requests.filter(({ path }) => path.split(/[/?]/)[1] === service);
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly login: string;
  readonly data: string;
}

/** As much of SMTP as it takes to be told: one login, one message per connection. */
export class MailServer {
  readonly mails: Mail[] = [];
  private readonly sockets = new Set<Socket>();
  private constructor(private readonly listener: Listener) {}

  static async start(): Promise<MailServer> {
    const listener = createListener();
    const server = new MailServer(listener);
    listener.on("connection", (socket) => server.serve(socket));
    await new Promise<void>((resolve) => listener.listen(0, LOOPBACK, resolve));
    return server;
  }

  get address(): string {
    return `${LOOPBACK}:${(this.listener.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => this.listener.close(() => resolve()));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.sockets.delete(socket));
    const mail = { from: "", to: [] as string[], login: "", data: "" };
    let rest = "";
    let inData = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    const command = (line: string) => {
      const [word = ""] = line.toUpperCase().split(" ");
      if (word === "EHLO") say("250-loopback\r\n250 AUTH PLAIN");
      else if (word === "AUTH") {
        mail.login = Buffer.from(line.split(" ")[2] ?? "", "base64")
          .toString()
          .replaceAll("\u0000", " ")
          .trim();
        say("235 welcome");
      } else if (word === "MAIL") {
        mail.from = /<(.*)>/.exec(line)?.[1] ?? "";
        say("250 ok");
      } else if (word === "RCPT") {
        mail.to.push(/<(.*)>/.exec(line)?.[1] ?? "");
        say("250 ok");
      } else if (word === "DATA") {
        inData = true;
        say("354 go on");
      } else if (word === "QUIT") {
        say("221 bye");
        socket.end();
      } else say("500 unknown");
    };
    socket.on("data", (chunk) => {
      rest += chunk.toString();
      for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (!inData) command(line);
        else if (line === ".") {
          inData = false;
          this.mails.push(mail);
          say("250 taken");
        } else mail.data += `${line.replace(/^\.\./, ".")}\n`;
      }
    });
    say("220 loopback");
  }
}

/** The parts of a mail by their type, decoded, and its subject. */
export function readMail({ data }: Mail): { subject: string; text: string; html: string } {
  const boundary = /boundary=(\S+)/.exec(data)?.[1] ?? "";
  const parts = data.split(`--${boundary}`).slice(1, -1);
  const part = (type: string) => parts.find((p) => p.includes(`Content-Type: ${type}`)) ?? "";
  return {
    subject: /^Subject: (.*)$/m.exec(data)?.[1] ?? "",
    text: quotedPrintable(part("text/plain")),
    html: quotedPrintable(part("text/html")),
  };
}

function quotedPrintable(part: string): string {
  const body = part.slice(part.indexOf("\n\n") + 2).replace(/=\n/g, "");
  const bytes = body.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8").trim();
}
