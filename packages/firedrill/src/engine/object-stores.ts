import type { DeleteObject, Instant, PutObject, StoredObject } from '../model/index.ts';
import { after, assert, BEGINNING } from '../model/index.ts';
import type { Judgement, Performers } from './actions.ts';
import { toldBy } from './control-planes.ts';
import type { Arrival, Conversation, Moment, Reply } from './conversation.ts';
import { inTurn } from './conversation.ts';
import type { Parts } from './parts.ts';
import type { S3Surroundings } from './s3/answers.ts';
import type { ObjectVersion } from './s3/buckets.ts';
import { BucketContents } from './s3/buckets.ts';
import { S3_FACTS } from './s3/facts.ts';
import { lagMs, rulesFor } from './s3/replication.ts';
import { isForApi, serveByApi } from './s3/api.ts';
import { serveRest } from './s3/rest.ts';
import { serveWebsite } from './s3/website.ts';
import type { Background, Endpoint } from './world.ts';

/** S3, come to life: buckets with what is in them, and the endpoints that answer for them. */
export interface ObjectStores {
  /** A request at the address of one of its endpoints; undefined: it is none of theirs. */
  serve(arrival: Arrival, moment: Moment): Conversation<Reply> | undefined;
  readonly performers: Pick<Performers, 'put-object' | 'delete-object'>;
  /** A bucket with what is in it now; undefined: there is none of that name. */
  contentsOf(bucket: string): BucketContents | undefined;
  /** What stands against any call of its API in a Region; undefined: nothing does. */
  refusalIn(region: string, now: Instant): { readonly code: string; readonly message: string } | undefined;
  /** Goes on with the buckets of another estate: what both have keeps what is in it. */
  deploy(now: Instant): void;
  /** Says of which buckets nothing is known but their name. */
  remark(): void;
}

/** Objects of an estate that has settled: at the beginning, replicas are where they belong. */
export function objectStoresOf(parts: Parts): ObjectStores {
  const { input, layout, timeline } = parts;
  const stores = new Stores(parts);
  const endpointsNow = (): ReadonlyMap<string, Endpoint> =>
    new Map(
      [...layout.s3.rest.values(), ...layout.s3.websites.values()].map((endpoint) => [endpoint.address, endpoint]),
    );
  let endpoints = endpointsNow();
  const hasApi = input.driver === 'local';
  let changes = (input.plan.actions ?? []).some(
    ({ action: { kind } }) => kind === 'put-object' || kind === 'delete-object',
  );
  const around = surroundingsOf(parts, stores);
  return {
    serve(arrival, moment) {
      const endpoint = endpoints.get(arrival.to);
      if (endpoint === undefined) return undefined;
      if (hasApi && endpoint.kind === 's3' && isForApi(arrival))
        return serveByApi({ around, region: endpoint.label, arrival, moment });
      return serveAt(around, { endpoint, arrival, moment, changes });
    },
    deploy(now) {
      endpoints = endpointsNow();
      stores.deploy(now);
      // Whoever deploys may write, too.
      changes = true;
    },
    performers: {
      'put-object': (action, moment) => stores.put(action, moment),
      'delete-object': (action, moment) => stores.delete(action, moment),
    },
    contentsOf: (name) => stores.named(name),
    refusalIn: (region, now) => stores.refusalIn(region, now),
    remark() {
      for (const { bucket, isEmpty } of stores.all) {
        if (!isEmpty) continue;
        const says = `the bucket ${bucket.name} is empty: nothing said what is in it`;
        timeline.record(BEGINNING, 0, 'note', { says });
      }
    },
  };
}

function* serveAt(
  around: S3Surroundings,
  {
    endpoint,
    arrival,
    moment,
    changes,
  }: { readonly endpoint: Endpoint; readonly arrival: Arrival; readonly moment: Moment; readonly changes: boolean },
): Conversation<Reply> {
  // What is in a bucket may change before.
  if (changes && moment.isAhead === true) yield inTurn(moment);
  const call = { around, region: endpoint.label, arrival, moment };
  return endpoint.kind === 's3' ? serveRest(call) : serveWebsite(call);
}

function surroundingsOf({ input, random, faults, endpoints }: Parts, stores: Stores): S3Surroundings {
  const ids = random.lasting('s3/request-id');
  return {
    bucketOf: (name) => stores.named(name),
    identityOf: (id) => input.architecture.originAccessIdentities.find((identity) => identity.id === id),
    fault(arrival, { now }) {
      if (faults.isQuiet(now)) return undefined;
      const { host, target } = arrival.request;
      const found = faults.answer({ endpoint: endpoints.get(arrival.to), host, path: target, now });
      const effect = found?.fault.effect;
      return found === undefined || effect?.kind !== 'status' ? undefined : { status: effect.status, cause: found.seq };
    },
    nextRequestId: () => Array.from({ length: 16 }, () => HEX.charAt(Math.floor(ids.next() * 16))).join(''),
    epochSeconds: (at) => Math.floor((input.beganAtEpochMs + Math.floor(at / 1000)) / 1000),
  };
}

const HEX = '0123456789ABCDEF';

/** All buckets, and what copies from one to another. */
class Stores {
  all: readonly BucketContents[];
  private readonly parts: Parts;
  private byName: ReadonlyMap<string, BucketContents>;
  private byArn: ReadonlyMap<string, BucketContents>;

  constructor(parts: Parts) {
    const { architecture, plan } = parts.input;
    this.parts = parts;
    this.all = architecture.buckets.map((bucket) => new BucketContents(bucket));
    this.byName = new Map(this.all.map((contents) => [contents.bucket.name, contents]));
    this.byArn = new Map(this.all.map((contents) => [contents.bucket.arn, contents]));
    const objects = Object.entries(plan.objects ?? {}).flatMap(([name, own]) => {
      const contents = this.byName.get(name);
      return contents === undefined ? [] : Object.entries(own).map(([key, object]) => ({ contents, key, object }));
    });
    for (const { contents, key, object } of objects) this.settle(contents, key, object);
    // What a bucket was given itself lies above what was copied to it.
    for (const { contents, key, object } of objects)
      if (contents.current(key)?.object !== object) contents.put(key, object, BEGINNING, 0);
  }

  deploy(now: Instant): void {
    const { architecture, plan } = this.parts.input;
    const { byName } = this;
    this.all = architecture.buckets.map((bucket) => {
      const known = byName.get(bucket.name);
      if (known === undefined) return new BucketContents(bucket);
      known.bucket = bucket;
      return known;
    });
    this.byName = new Map(this.all.map((contents) => [contents.bucket.name, contents]));
    this.byArn = new Map(this.all.map((contents) => [contents.bucket.arn, contents]));
    for (const contents of this.all) {
      if (byName.has(contents.bucket.name)) continue;
      for (const [key, object] of Object.entries(plan.objects?.[contents.bucket.name] ?? {}))
        contents.put(key, object, now, 0);
    }
  }

  named(name: string): BucketContents | undefined {
    return this.byName.get(name);
  }

  /** An object that has long been there, with its copies. What is older than the rules has none (RS 5.24). */
  private settle(contents: BucketContents, key: string, object: StoredObject): void {
    const version = contents.put(key, object, BEGINNING, 0);
    if (object.isOlderThanRules === true) return;
    for (const { destinationArn } of rulesFor(contents.bucket, key, object)) {
      const destination = this.byArn.get(destinationArn);
      version.replication = destination === undefined ? 'PENDING' : 'COMPLETED';
      if (destination !== undefined) destination.put(key, object, BEGINNING, 0).replication = 'REPLICA';
    }
  }

  put({ bucket, key, object }: PutObject, moment: Moment): Judgement {
    const contents = this.byName.get(bucket);
    const refusal = this.refusalOf(contents, moment);
    if (refusal !== undefined || contents === undefined) return refusal ?? NO_SUCH_BUCKET;
    return {
      kind: 'accepted',
      carryOut: (cause) => this.replicate(contents, key, contents.put(key, object, moment.now, cause), moment.now),
    };
  }

  delete({ bucket, key, versionId }: DeleteObject, moment: Moment): Judgement {
    const contents = this.byName.get(bucket);
    const refusal = this.refusalOf(contents, moment);
    if (refusal !== undefined || contents === undefined) return refusal ?? NO_SUCH_BUCKET;
    return {
      kind: 'accepted',
      carryOut: (cause) => {
        if (versionId !== undefined) {
          const id = versionId === 'current' ? contents.current(key)?.id : versionId;
          // The deletion of a version is never copied (RS 5.26).
          if (id !== undefined) contents.deleteVersion(key, id);
          return [];
        }
        const marker = contents.delete(key, moment.now, cause);
        return marker === undefined ? [] : this.replicate(contents, key, marker, moment.now);
      },
    };
  }

  /** What an operator meets: S3 answers where the bucket is, or does not. */
  private refusalOf(contents: BucketContents | undefined, { now }: Moment): Judgement | undefined {
    const told = contents === undefined ? undefined : this.refusalIn(contents.bucket.region, now);
    return told === undefined ? undefined : { kind: 'refused', ...told };
  }

  refusalIn(region: string, now: Instant): ReturnType<typeof toldBy> {
    const { faults } = this.parts;
    if (faults.isQuiet(now)) return undefined;
    const met = faults.operatorsMeet(
      (target) =>
        (target.kind === 'region' && target.region === region) ||
        (target.kind === 'service' && target.service === 's3' && target.region === region),
      now,
    );
    return met === undefined ? undefined : toldBy(met.fault, 's3');
  }

  /** Begins a copy to each bucket that a rule names; that of a replica goes nowhere (RS 5.25). */
  private replicate(
    from: BucketContents,
    key: string,
    version: ObjectVersion,
    writtenAt: Instant,
  ): readonly Background[] {
    const rules = rulesFor(from.bucket, key, version.object);
    if (rules.length > 0) version.replication = 'PENDING';
    let missing = rules.length;
    const { random, settings } = this.parts;
    const fixed = settings.text('s3.replication-seconds');
    return rules.map((rule): Background => {
      const draws = random.stream(`s3/replication/${from.bucket.name}/${rule.id}/${key}/${version.id}`);
      const lag = fixed === 'drawn' ? lagMs(rule, version.object === undefined, draws) : Number(fixed) * 1000;
      const arrived = (to: BucketContents, now: Instant): void => {
        missing -= 1;
        // Only when every bucket has it (RS 5.30).
        if (missing === 0) version.replication = 'COMPLETED';
        this.arrive(from, to, key, version, now);
      };
      return {
        name: `s3/replication/${from.bucket.name}/${key}`,
        start: (moment) => this.copy(from, rule.destinationArn, after(writtenAt, lag), arrived, moment),
      };
    });
  }

  /** Waits for the copy's moment, and for as long as S3 is down at either end: the copy stays pending (RS 5.30). */
  private *copy(
    from: BucketContents,
    destinationArn: string,
    due: Instant,
    arrived: (to: BucketContents, now: Instant) => void,
    moment: Moment,
  ): Conversation<void> {
    yield { kind: 'pause', until: due };
    const to = this.byArn.get(destinationArn);
    // A bucket in no template: nobody would see the copy.
    if (to === undefined) return;
    while (this.isDown(from, moment.now) || this.isDown(to, moment.now))
      yield { kind: 'pause', until: after(moment.now, S3_FACTS.REPLICATION_RETRY_SECONDS.value * 1000) };
    arrived(to, moment.now);
  }

  private isDown({ bucket: { region } }: BucketContents, now: Instant): boolean {
    const { faults, layout } = this.parts;
    if (faults.isQuiet(now)) return false;
    const exposure = { endpoint: layout.s3.rest.get(region), host: '', path: '', now };
    const hindrance = faults.hindrance(exposure);
    return (hindrance !== undefined && hindrance.kind !== 'slow') || faults.answer(exposure) !== undefined;
  }

  private arrive(from: BucketContents, to: BucketContents, key: string, version: ObjectVersion, now: Instant): void {
    const seq = this.parts.timeline.record(now, version.cause, 'object.replicated', {
      key,
      from: from.bucket.name,
      to: to.bucket.name,
      region: to.bucket.region,
      kind: version.object === undefined ? 'delete-marker' : 'object',
      afterSeconds: (now - version.at) / 1_000_000,
    });
    if (version.object === undefined) to.delete(key, now, seq);
    else to.put(key, version.object, now, seq).replication = 'REPLICA';
    assert(to.bucket.name !== from.bucket.name, 'a bucket is copied to another one');
  }
}

const NO_SUCH_BUCKET: Judgement = {
  kind: 'refused',
  code: 'NoSuchBucket',
  message: 'The specified bucket does not exist',
};
