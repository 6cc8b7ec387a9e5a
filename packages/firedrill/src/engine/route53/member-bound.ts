/** What Route 53 says of a number that is beyond a bound (R53 CH-26). */
export function memberBound(member: string, value: number, than: 'less' | 'greater', bound: number): string {
  return `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${than} than or equal to ${bound}`;
}
