import { takeStream } from "./streams.js";

const FIRST_DELAY = 1000;
const MAX_DELAY = 30_000;
const POLL_INTERVAL = 5000;
const TYPES = ["article.published", "article.updated", "article.withdrawn"];

/**
 * Follows a stream of a feed from a cursor: no event is missed and none arrives twice, whatever happens to the
 * connection. Windows that follow the same stream share one connection, since a browser has few per server: the window
 * that holds a lock is the leader and passes events on. A leader beyond the fourth polls until another one ends. A hidden
 * window neither leads nor listens.
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
  let leads = false;
  /** Allows another leader to hold a stream. */
  let releaseStream = null;
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
        if (request.signal.aborted) {
          return undefined;
        }
        pending = null;
        leads = true;
        lead();
        return new Promise((resolve) => (release = resolve));
      })
      .catch(() => {});
    catchUp();
  }

  /** Holds a stream, or polls where other leaders hold as many as they may. */
  async function lead() {
    const membership = leave;
    const release = await takeStream();
    if (leave !== membership) {
      release?.();
    } else if (release) {
      releaseStream = release;
      connect();
    } else {
      poll();
    }
  }

  async function poll() {
    const membership = leave;
    try {
      const messages = await read();
      if (leave === membership) {
        failures = 0;
        messages.forEach((message) => pass(message.type, message));
      }
      if (leave === membership) {
        announce("live");
        clearTimeout(retry);
        retry = setTimeout(lead, POLL_INTERVAL);
      }
    } catch {
      if (leave === membership) {
        announce("reconnecting");
        later(lead);
      }
    }
  }

  /** Returns all events from the cursor to the tail. */
  async function read() {
    const response = await fetch(`${stream}&format=ndjson&follow=false&since=${encodeURIComponent(cursor)}`);
    if (!response.ok) {
      throw new Error(`The stream was answered with ${response.status}`);
    }
    const text = await response.text();
    return text
      .split("\n")
      .filter((line) => line.trim())
      .map((line) => JSON.parse(line));
  }

  /** Reads what the leader passed on before this window listened. */
  async function catchUp() {
    if (leads || pending) {
      return;
    }
    const messages = [];
    pending = messages;
    try {
      const missed = await read();
      if (pending === messages) {
        pending = null;
        missed.concat(messages).forEach(receive);
        channel?.postMessage({ type: "hello" });
      }
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
      if (leads) {
        channel?.postMessage({ type: "status", status, cursor });
      }
    } else if (leads) {
      // A leader receives events from the server alone.
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
    } else if (message.cursor && isAfter(message.cursor, cursor)) {
      proceed(message);
      if (TYPES.includes(message.type)) {
        on.change(message.type, message.article);
      }
    }
  }

  function connect() {
    clearTimeout(retry);
    source = new EventSource(`${stream}&since=${encodeURIComponent(cursor)}`);
    source.onopen = () => announce("catching-up");
    source.onerror = failed;
    for (const type of [...TYPES, "live", "reset"]) {
      source.addEventListener(type, (event) => pass(type, JSON.parse(event.data)));
    }
  }

  /** Handles an event of the server, and passes it on to the other windows. */
  function pass(type, data) {
    if (ended) {
      return;
    }
    if (type === "reset") {
      channel?.postMessage({ type });
      reset();
    } else if (type === "live") {
      proceed(data);
      announce("live");
    } else if (TYPES.includes(type)) {
      proceed(data);
      channel?.postMessage(data);
      on.change(type, data.article);
    }
  }

  function proceed(data) {
    cursor = data.cursor;
    failures = 0;
  }

  function announce(name) {
    report(name);
    channel?.postMessage({ type: "status", status, cursor });
  }

  function report(name) {
    status = name;
    on.status(name);
  }

  function failed() {
    announce("reconnecting");
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
    releaseStream?.();
    releaseStream = null;
    leave?.();
    leave = null;
    leads = false;
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
