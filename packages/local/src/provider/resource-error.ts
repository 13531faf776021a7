/** Tells the engine that a resource is there, and why it is not well. The next `pulumi up` updates it in any case. */
export class ResourceError extends Error {
  override readonly name = "ResourceError";
  readonly id: string;
  readonly properties: object;
  readonly reasons: readonly string[];

  constructor(message: string, id: string, properties: object) {
    super(message);
    this.stack = message;
    this.id = id;
    this.properties = properties;
    this.reasons = [message];
  }
}
