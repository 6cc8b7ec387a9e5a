/** A template to read, with everything about its deployment that the text itself does not say. */
export interface TemplateSource {
  /** As it shall stand in findings. */
  readonly file: string;
  readonly text: string;
  /** Name of the stack. */
  readonly stack: string;
  readonly region?: string;
  readonly account?: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** How `dependencies` of other stacks call this one; by default the name of the stack. */
  readonly id?: string;
  /** Ids of stacks that are deployed before this one. */
  readonly dependencies?: readonly string[];
  /** Code that exists, by what a template calls it: the S3 object key, or the path as written. */
  readonly code: Readonly<Record<string, CodeLocation>>;
  /** Values of the parameter store; without it those that other templates declare. */
  readonly stored?: StoredValues;
  /** What happened to the stack's resources since they were created; nothing by default. */
  readonly history?: StackHistory;
  /** Versions of functions that have been published; without it those of the template are the first. */
  readonly published?: PublishedVersions;
  /** The same of the stacks nested in it, at every depth, by their names. */
  readonly nestedHistory?: Readonly<Record<string, StackHistory>>;
  /** Of a nested stack: the names of those that it is in, the outermost first. */
  readonly nestedIn?: readonly string[];
}

/** The numbers of versions of functions. */
export interface PublishedVersions {
  /** Those of the stack, by logical id. */
  readonly versions: Readonly<Record<string, PublishedVersion>>;
  /** The same of stacks nested in it, by their names. */
  readonly nested?: Readonly<Record<string, Readonly<Record<string, PublishedVersion>>>>;
  /** The last number of a function, whoever published it, by the function's ARN. */
  readonly last: Readonly<Record<string, number>>;
}

export interface PublishedVersion {
  readonly functionArn: string;
  readonly number: number;
  readonly description: string;
}

/** The parameter store of a stack's Region, as the stack's deployments have found it. */
export interface StoredValues {
  /**
   * @param name of a parameter, with the version where one is asked for.
   * @param logicalId of the resource whose properties name it: what it was made of lasts until it changes; undefined for parameters
   *   of the template.
   */
  value(name: string, logicalId: string | undefined): string | undefined;
}

/** How a stack that lives on differs from one that has just been created from its template. */
export interface StackHistory {
  /** Sets made-up identifiers apart from those of an earlier stack of the same name. */
  readonly incarnation?: string;
  /** Resources that are not called by what they are now, by logical id. */
  readonly births?: Readonly<Record<string, Birth>>;
  /** Properties that were changed through the API of a service, by logical id: they stand instead of the template's. */
  readonly changedByHand?: Readonly<Record<string, JsonValue>>;
  /** Resources that do not exist, although others may know their identifiers: deleted by hand, or never created. */
  readonly absent?: readonly string[];
}

/** What the made-up identifiers of a resource follow from. */
export interface Birth {
  readonly stack: string;
  readonly logicalId: string;
  /** Counts its replacements. */
  readonly generation: number;
  readonly incarnation: string;
}

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/** Where code was found. The reader of templates touches no files; it is told. */
export interface CodeLocation {
  readonly kind: 'directory' | 'archive' | 'data';
  readonly path: string;
  /** Files of a directory, relative to it, with forward slashes. Of an archive nothing is known. */
  readonly files: readonly string[];
  /** What a single file of data says, as what a key value store imports. */
  readonly text?: string;
}
