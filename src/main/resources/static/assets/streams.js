/** Streams of all windows of a browser. Over HTTP/1.1 it has six connections per server. */
const MAX_STREAMS = 4;

/** Returns the release of a lock that allows a stream, or null where other leaders hold all of them. */
export async function takeStream() {
  const connection = performance.getEntriesByType("navigation")[0]?.nextHopProtocol;
  if (connection === "h2" || connection === "h3") {
    return () => {};
  }
  for (let index = 0; index < MAX_STREAMS; index++) {
    const release = await new Promise((taken) => {
      const hold = (lock) => (lock ? new Promise((release) => taken(release)) : taken(null));
      navigator.locks.request(`freshet stream ${index}`, { ifAvailable: true }, hold).catch(() => taken(null));
    });
    if (release) {
      return release;
    }
  }
  return null;
}
