/** Stacks and resources made by hand, as one set of templates. */
export interface Estate {
  /**
   * Makes a resource as a CloudFormation resource with these properties.
   * @returns its physical id.
   * @throws AwsError when the properties describe nothing that can be.
   */
  putResource(resource: {
    readonly region: string;
    /** As `AWS::S3::Bucket`. */
    readonly type: string;
    readonly logicalId?: string;
    readonly properties: Readonly<Record<string, unknown>>;
  }): Promise<string>;
  /** Replaces the properties of a resource, of a stack's too. */
  changeResource(physicalId: string, properties: Readonly<Record<string, unknown>>): Promise<void>;
  /** Deletes a resource made by hand. */
  removeResource(physicalId: string): Promise<void>;
}
