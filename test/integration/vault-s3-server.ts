import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import * as path from "node:path";
import { AwsClient } from "aws4fetch";
import { findProgram } from "./find-program";
import { freePort } from "./free-ports";
import { RunningService } from "./running-service";

export const versitygw = findProgram("versitygw");
export const KEYS = { accessKeyId: "chainkeep", secretAccessKey: "chainkeep-secret-word" };

/** An S3 store on loopback, with versions and Object Lock. */
export class S3Server {
  private constructor(
    private readonly service: RunningService,
    private readonly client: AwsClient,
  ) {}

  static async start(directory: string): Promise<S3Server> {
    const address = `127.0.0.1:${await freePort()}`;
    for (const name of ["buckets", "versions"]) mkdirSync(path.join(directory, name));
    const keys = ["--access", KEYS.accessKeyId, "--secret", KEYS.secretAccessKey];
    const place = ["posix", "--versioning-dir", path.join(directory, "versions"), path.join(directory, "buckets")];
    const args = ["--port", address, "--health", "/-/ready", "--quiet", ...keys, ...place];
    const service = new RunningService({ program: versitygw ?? "", args, directory, address });
    await service.ready();
    return new S3Server(service, new AwsClient({ ...KEYS, service: "s3", region: "us-east-1", retries: 0 }));
  }

  get url(): string {
    return this.service.url;
  }

  async makeBucket(name: string, locked: boolean): Promise<void> {
    const headers: Record<string, string> = locked ? { "x-amz-bucket-object-lock-enabled": "true" } : {};
    await this.#put(`/${name}`, "", headers);
  }

  async retain(bucket: string, mode: "GOVERNANCE" | "COMPLIANCE", days: number): Promise<void> {
    const rule = `<Rule><DefaultRetention><Mode>${mode}</Mode><Days>${days}</Days></DefaultRetention></Rule>`;
    const lock = `<ObjectLockEnabled>Enabled</ObjectLockEnabled>${rule}`;
    const xml = `<ObjectLockConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${lock}</ObjectLockConfiguration>`;
    await this.#put(`/${bucket}?object-lock`, xml);
  }

  stop(): Promise<void> {
    return this.service.stop();
  }

  async #put(where: string, body: string, headers: Record<string, string> = {}): Promise<void> {
    const sum = { "content-md5": createHash("md5").update(body).digest("base64") };
    const init = { method: "PUT", body, headers: { ...headers, ...sum } };
    const answer = await this.client.fetch(`${this.url}${where}`, init);
    if (!answer.ok) throw new Error(`${where}: ${answer.status} ${await answer.text()}`);
  }
}
