import { AwsError } from '../aws-error.ts';

/** What stands against a configuration, as CloudFront would call it. */
export async function asCloudFront<T>(done: Promise<T>): Promise<T> {
  try {
    return await done;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ValidationException')
      throw new AwsError('InvalidArgument', error.message);
    throw error;
  }
}
