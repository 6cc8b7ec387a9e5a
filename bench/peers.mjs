/* Bare event loops, as measured beside ours in the same run: no DNS, no edge, no cache, only waiting and counting. */

/** One event a step: 1,000 clients that wait and count, driven by a binary heap of generators. */
export function generatorsOnAHeap(events) {
  function* client(id) {
    for (let at = id; ; at += 1000) yield at;
  }
  const heap = [];
  const push = (entry) => {
    let hole = heap.length;
    heap.push(entry);
    for (let parent = (hole - 1) >> 1; hole > 0 && heap[parent].at > entry.at; parent = (hole - 1) >> 1) {
      heap[hole] = heap[parent];
      hole = parent;
    }
    heap[hole] = entry;
  };
  const pop = () => {
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0) return first;
    let hole = 0;
    for (let child = 1; child < heap.length; child = 2 * hole + 1) {
      if (child + 1 < heap.length && heap[child + 1].at < heap[child].at) child += 1;
      if (heap[child].at >= last.at) break;
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = last;
    return first;
  };
  for (let id = 0; id < 1000; id++) {
    const course = client(id);
    push({ at: course.next().value, course });
  }
  for (let n = 0; n < events; n++) {
    const { course } = pop();
    push({ at: course.next().value, course });
  }
}

/** The same with async functions: each wait is a promise. */
export async function promises(events) {
  let left = events;
  const client = async () => {
    while (left-- > 0) await undefined;
  };
  await Promise.all(Array.from({ length: 1000 }, client));
}
