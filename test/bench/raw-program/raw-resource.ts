/** One resource to register, as data. `{ $output: [name, output] }` and `{ $secret: value }` stand for what they say. */
export interface RawResource {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent?: string;
  readonly dependsOn: readonly string[];
  readonly inputs: object;
}
