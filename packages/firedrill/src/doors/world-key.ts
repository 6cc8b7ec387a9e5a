/** The one access key of a world: what programs in it sign with. The world is on this machine alone, so it is no secret. */
export const WORLD_KEY = { accessKeyId: 'AKIAFIREDRILLWORLD00', secretAccessKey: 'firedrill' } as const;
