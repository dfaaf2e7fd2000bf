const FIRST_DELAY = 1000;
const MAX_DELAY = 30_000;

/**
 * Follows a stream of a feed from a cursor: no event is missed and none arrives twice, whatever happens to the
 * connection. The connection is closed while the page is hidden, since a browser has few per server.
 *
 * @param {string} stream the stream's address, with a query
 * @param {string} start the cursor after which to begin
 * @param {{
 *   change: (type: string, article: object) => void,
 *   status: (status: "catching-up" | "live" | "reconnecting") => void,
 *   reset: () => void,
 * }} on callbacks for each event in order, for the state of the connection, and, once, for a possible loss of events, which ends the following
 */
export function follow(stream, start, on) {
  let cursor = start;
  let source = null;
  let failures = 0;
  let retry = 0;
  let ended = false;

  function open() {
    if (ended || source || document.hidden) {
      return;
    }
    clearTimeout(retry);
    source = new EventSource(`${stream}&since=${encodeURIComponent(cursor)}`);
    source.onopen = () => on.status("catching-up");
    source.onerror = failed;
    source.addEventListener("live", (event) => {
      proceed(event);
      on.status("live");
    });
    source.addEventListener("reset", () => {
      end();
      on.reset();
    });
    for (const type of ["article.published", "article.updated", "article.withdrawn"]) {
      source.addEventListener(type, (event) => on.change(type, proceed(event).article));
    }
  }

  function proceed(event) {
    const data = JSON.parse(event.data);
    cursor = data.cursor;
    failures = 0;
    return data;
  }

  function failed() {
    on.status("reconnecting");
    // The browser retries after a lost connection, but not after a response other than 200.
    if (source.readyState === EventSource.CLOSED) {
      close();
      const delay = Math.min(MAX_DELAY, FIRST_DELAY * 2 ** failures);
      failures += 1;
      retry = setTimeout(open, delay * (0.5 + Math.random()));
    }
  }

  function close() {
    clearTimeout(retry);
    source?.close();
    source = null;
  }

  function seen() {
    if (document.hidden) {
      close();
    } else {
      open();
    }
  }

  function end() {
    ended = true;
    close();
    removeEventListener("pagehide", close);
    removeEventListener("pageshow", open);
    removeEventListener("online", open);
    document.removeEventListener("visibilitychange", seen);
  }

  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  addEventListener("online", open);
  document.addEventListener("visibilitychange", seen);
  on.status("catching-up");
  open();
}
