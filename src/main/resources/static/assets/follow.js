const FIRST_DELAY = 1000;
const LONGEST_DELAY = 30_000;

/**
 * Follows a stream of a feed from a cursor: no event is missed and none comes twice, whatever becomes of the
 * connection. The connection is given up while nobody can see the page, since a browser has few for one server.
 *
 * @param {string} stream the stream's address, with a query
 * @param {string} start the cursor after which to begin
 * @param {{
 *   change: (type: string, article: object) => void,
 *   status: (status: "catching-up" | "live" | "reconnecting") => void,
 *   reset: () => void,
 * }} on told of each event in order, of the connection, and, once, that events may be missing: following has ended then
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
    // The browser goes on trying after a lost connection, but not after an answer other than 200.
    if (source.readyState === EventSource.CLOSED) {
      close();
      const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** failures);
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
