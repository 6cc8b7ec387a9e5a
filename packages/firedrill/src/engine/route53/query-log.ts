import type { ClientSubnet, Question } from '../conversation.ts';

/** What a line of the query log tells, in its order (R53 WS-14). */
export interface LoggedQuery {
  /** UTC, as `2026-11-21T08:16:02.130Z`. */
  readonly time: string;
  readonly hostedZoneId: string;
  readonly question: Question;
  readonly rcode: string;
  readonly protocol: 'UDP' | 'TCP';
  /** Of the edge location that answered, as `DUB`. */
  readonly edgeLocation: string;
  readonly resolverAddress: string;
}

/** Of the format, not of Route 53. */
const LOG_VERSION = '1.0';

/** A line of the query log, without its end (R53 WS-14). What resolvers have cached is never in it: nobody asked. */
export function queryLogLine(logged: LoggedQuery): string {
  const { time, hostedZoneId, question, rcode, protocol, edgeLocation, resolverAddress } = logged;
  const { name, type, clientSubnet } = question;
  const subnet = subnetText(clientSubnet);
  return [LOG_VERSION, time, hostedZoneId, name, type, rcode, protocol, edgeLocation, resolverAddress, subnet].join(
    ' ',
  );
}

function subnetText(subnet: ClientSubnet | undefined): string {
  return subnet === undefined ? '-' : `${subnet.address}/${subnet.prefixLength}`;
}
