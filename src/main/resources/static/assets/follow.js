const FIRST_DELAY = 1000;
const MAX_DELAY = 30_000;
const TYPES = ["article.published", "article.updated", "article.withdrawn"];

/**
 * Follows a stream of a feed from a cursor: no event is missed and none arrives twice, whatever happens to the
 * connection. Windows that follow the same stream share one connection, since a browser has few per server: the window
 * that holds a lock is the leader and passes events on. A hidden window neither leads nor listens.
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
  const shares = "locks" in navigator && "BroadcastChannel" in window;
  let cursor = start;
  let source = null;
  let channel = null;
  /** Aborts the request for the lock, or releases it. */
  let leave = null;
  /** Messages of the leader that wait until this window has read what it missed; null while none is read. */
  let pending = null;
  let status = "catching-up";
  let failures = 0;
  let retry = 0;
  let ended = false;

  function open() {
    if (ended || leave || source || document.hidden) {
      return;
    }
    if (shares) {
      join();
    } else {
      connect();
    }
  }

  function join() {
    const request = new AbortController();
    let release = null;
    leave = () => (release ? release() : request.abort());
    channel = new BroadcastChannel(`freshet ${stream}`);
    channel.onmessage = ({ data }) => receive(data);
    navigator.locks
      .request(`freshet ${stream}`, { signal: request.signal }, () => {
        pending = null;
        connect();
        return new Promise((resolve) => (release = resolve));
      })
      .catch(() => {});
    catchUp();
  }

  /** Reads what the leader passed on before this window listened. */
  async function catchUp() {
    if (source || pending) {
      return;
    }
    const messages = [];
    pending = messages;
    try {
      const response = await fetch(`${stream}&format=ndjson&follow=false&since=${encodeURIComponent(cursor)}`);
      if (!response.ok) {
        throw new Error(`The stream was answered with ${response.status}`);
      }
      const text = await response.text();
      if (pending !== messages) {
        return;
      }
      pending = null;
      text
        .split("\n")
        .filter((line) => line.trim())
        .map((line) => JSON.parse(line))
        .concat(messages)
        .forEach(receive);
      channel?.postMessage({ type: "hello" });
    } catch {
      if (pending === messages) {
        pending = null;
        report("reconnecting");
        later(catchUp);
      }
    }
  }

  function receive(message) {
    if (ended) {
      return;
    }
    if (message.type === "hello") {
      if (source) {
        channel?.postMessage({ type: "status", status, cursor });
      }
    } else if (source) {
      // A leader receives events from its connection alone.
    } else if (pending) {
      pending.push(message);
    } else if (message.type === "reset") {
      reset();
    } else if (message.type === "status") {
      if (isAfter(message.cursor, cursor)) {
        catchUp();
      } else {
        report(message.status);
      }
    } else if (TYPES.includes(message.type) && isAfter(message.cursor, cursor)) {
      proceed(message);
      on.change(message.type, message.article);
    }
  }

  function connect() {
    clearTimeout(retry);
    source = new EventSource(`${stream}&since=${encodeURIComponent(cursor)}`);
    source.onopen = () => lead("catching-up");
    source.onerror = failed;
    source.addEventListener("live", (event) => {
      proceed(JSON.parse(event.data));
      lead("live");
    });
    source.addEventListener("reset", () => {
      channel?.postMessage({ type: "reset" });
      reset();
    });
    for (const type of TYPES) {
      source.addEventListener(type, (event) => {
        const data = proceed(JSON.parse(event.data));
        channel?.postMessage(data);
        on.change(type, data.article);
      });
    }
  }

  function proceed(data) {
    cursor = data.cursor;
    failures = 0;
    return data;
  }

  function lead(name) {
    report(name);
    channel?.postMessage({ type: "status", status, cursor });
  }

  function report(name) {
    status = name;
    on.status(name);
  }

  function failed() {
    lead("reconnecting");
    // The browser retries after a lost connection, but not after a response other than 200.
    if (source.readyState === EventSource.CLOSED) {
      close();
      later(open);
    }
  }

  function later(action) {
    const delay = Math.min(MAX_DELAY, FIRST_DELAY * 2 ** failures);
    failures += 1;
    clearTimeout(retry);
    retry = setTimeout(() => ended || document.hidden || action(), delay * (0.5 + Math.random()));
  }

  function close() {
    clearTimeout(retry);
    pending = null;
    source?.close();
    source = null;
    channel?.close();
    channel = null;
    leave?.();
    leave = null;
  }

  function seen() {
    if (document.hidden) {
      close();
    } else {
      open();
    }
  }

  function reset() {
    ended = true;
    close();
    removeEventListener("pagehide", close);
    removeEventListener("pageshow", open);
    removeEventListener("online", open);
    document.removeEventListener("visibilitychange", seen);
    on.reset();
  }

  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  addEventListener("online", open);
  document.addEventListener("visibilitychange", seen);
  on.status("catching-up");
  open();
}

/** Returns whether a cursor is after another one; one of another history is. */
function isAfter(cursor, other) {
  const [epoch, seq] = cursor.split("-");
  const [otherEpoch, otherSeq] = other.split("-");
  return epoch !== otherEpoch || Number(seq) > Number(otherSeq);
}
