import * as pulumi from "@pulumi/pulumi";

/** One file of a set. */
export interface FileInput {
  /**
   * Text of the file, written as UTF-8.
   *
   * Changing it rewrites the file in place.
   * @default - required
   */
  content: pulumi.Input<string>;
  /**
   * Permissions as octal text.
   *
   * Changing it changes the permissions in place.
   * @default "0644" in `files`, "0600" in `secretFiles`
   */
  mode?: pulumi.Input<string>;
  /**
   * True writes the file once and leaves it to the program from then on: it is neither compared nor overwritten.
   *
   * @default false
   */
  createOnly?: pulumi.Input<boolean>;
}

/** Files by their path, relative to the set's directory. */
export type FileInputs = Record<string, pulumi.Input<FileInput>>;

/** What a set of files is made from. */
export interface FileSetInputs {
  /**
   * Absolute path of the directory. It is made with permissions for its owner only.
   *
   * Changing it writes the files in the new place and removes those of the old one; data stays in the old place.
   * @default - required
   * @example "/srv/devnet/run/dev/eth/nodes/rpc-0/node"
   */
  directory: pulumi.Input<string>;
  /**
   * Files by their path, relative to the directory.
   *
   * Changing one rewrites that one in place, atomically.
   * @default - none
   * @example { "config/app.toml": { content: "..." } }
   */
  files?: pulumi.Input<FileInputs>;
  /**
   * Files whose text is secret: encrypted in the state, never in an output.
   *
   * Changing one rewrites that one in place, atomically.
   * @default - none
   */
  secretFiles?: pulumi.Input<FileInputs>;
  /**
   * What the data beside the files belongs to, e.g. the digest of a genesis. It is kept in `.chainkeep-identity` as long as
   * the data is, also after a destroy. Another identity over existing data is refused; an empty text asks for no check.
   *
   * @default - no check
   */
  identity?: pulumi.Input<string>;
  /**
   * True deletes the whole directory with its data when the set is deleted. It must be deployed before the removal, and the
   * directory must lie below a supervisor's state directory.
   *
   * @default false
   */
  purgeData?: pulumi.Input<boolean>;
  /**
   * Absolute path of a directory below which `directory` must lie.
   *
   * @default - any directory; one that a supervisor has marked as its state directory is looked for before a purge
   */
  stateDir?: pulumi.Input<string>;
}

/**
 * Files of one directory, and the guard of the data that grows beside them. Files that somebody changed or removed are put
 * back by `pulumi up --refresh`; deleting the set removes its files and keeps all other data unless `purgeData` says so.
 *
 * @example
 * new FileSet("prometheus", { directory: "/srv/prometheus", files: { "prometheus.yml": { content: "global: {}\n" } } });
 */
export class FileSet extends pulumi.CustomResource {
  /** The directory. */
  declare readonly directory: pulumi.Output<string>;
  /**
   * Digest of all contents except `createOnly` ones, known in previews too: use it as a process's `restartDigest`. Secret when
   * the set has secret files.
   */
  declare readonly digest: pulumi.Output<string>;

  constructor(name: string, args: FileSetInputs, opts: pulumi.CustomResourceOptions = {}) {
    const secretFiles = args.secretFiles === undefined ? undefined : pulumi.secret(args.secretFiles);
    super("chainkeep-local:index:FileSet", name, { ...args, secretFiles, digest: undefined }, opts);
  }
}
