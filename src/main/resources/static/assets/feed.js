import { follow } from "./follow.js";
import { showTime, showTimes } from "./times.js";

const MAX_ITEMS = 500;
const REFRESH_DELAY = 3000;
const STATUS = { "catching-up": "Catching up", live: "Live", reconnecting: "Reconnecting" };

const list = document.getElementById("feed");
const template = document.getElementById("item").content.firstElementChild;
const more = document.getElementById("more");
const older = document.getElementById("older");
const empty = document.getElementById("empty");
const status = document.getElementById("status");

/** The items on the page by the article's id. */
const items = new Map();
/** Pending changes by the article's id: the article, or null where it was removed. */
const changes = new Map();
/** New articles that wait until the reader is at the top, by id. */
let waiting = new Map();
/** The key of the oldest item that can be on the page: older items are on older pages. */
let floor = "";
/** Whether only a reload of the page shows all pending articles. */
let stale = false;
let drawing = false;

function adopt() {
  items.clear();
  changes.clear();
  waiting.clear();
  stale = false;
  for (const item of list.children) {
    item.dataset.key = key(item.dataset.id, item.querySelector("time").dateTime);
    items.set(item.dataset.id, item);
  }
  floor = older.firstElementChild ? (list.lastElementChild?.dataset.key ?? "") : "";
  showTimes(list);
  show();
  follow(list.dataset.stream, list.dataset.cursor, {
    change,
    reset: refreshLater,
    status(name) {
      status.dataset.status = name;
      status.textContent = STATUS[name];
    },
  });
}

/** Returns the sort key of the server's order: the time with all digits, then the id. */
function key(id, time) {
  const [, seconds, fraction = ""] = time.match(/^(.*?)(?:\.(\d+))?Z$/);
  return `${seconds}.${fraction.padEnd(9, "0")} ${id}`;
}

function change(type, article) {
  const gone = type === "article.withdrawn" || article.status === "withdrawn";
  const before = changes.get(article.id);
  if (gone) {
    changes.set(article.id, null);
  } else if (!before || article.version >= before.version) {
    changes.set(article.id, article);
  }
  if (!drawing) {
    drawing = true;
    requestAnimationFrame(draw);
  }
}

function draw() {
  drawing = false;
  for (const [id, article] of changes) {
    const item = items.get(id);
    if (!article) {
      waiting.delete(id);
      remove(item);
    } else if (item) {
      update(item, article);
    } else if (belongs(article)) {
      waiting.set(id, article);
    }
  }
  changes.clear();
  show();
  if (waiting.size > MAX_ITEMS) {
    stale = true;
    waiting = new Map([...waiting].slice(-MAX_ITEMS));
    show();
  }
}

/** Returns whether a missing article belongs on this page. */
function belongs(article) {
  return list.dataset.mode !== "older" && key(article.id, article.publishedAt) > floor;
}

function update(item, article) {
  if (article.version <= Number(item.dataset.version)) {
    return;
  }
  const moved = key(article.id, article.publishedAt) !== item.dataset.key;
  fill(item, article);
  if (moved && list.dataset.mode !== "search") {
    place(item);
  }
}

function remove(item) {
  if (!item) {
    return;
  }
  if (item.contains(document.activeElement)) {
    list.focus({ preventScroll: true });
  }
  items.delete(item.dataset.id);
  item.remove();
}

function show() {
  // Only the server knows the relevance that sorts a search, and text under the reader's eyes must not move.
  const insert = list.dataset.mode === "newest" && !stale && !reading();
  if (insert) {
    for (const article of waiting.values()) {
      const item = template.cloneNode(true);
      fill(item, article);
      item.classList.add("arrived");
      items.set(article.id, item);
      place(item);
    }
    waiting.clear();
    trim();
  }
  const count = waiting.size;
  more.hidden = count === 0;
  if (count > 0) {
    more.textContent = `${count}${stale ? "+" : ""} new ${count === 1 ? "article" : "articles"}`;
  }
  empty.hidden = items.size > 0;
}

function reading() {
  return list.getBoundingClientRect().top < 0;
}

/** Inserts an item at the place of its key; all others are in order. */
function place(item) {
  item.remove();
  const others = list.children;
  let low = 0;
  let high = others.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (others[middle].dataset.key > item.dataset.key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  list.insertBefore(item, others[low] ?? null);
}

function trim() {
  if (items.size <= MAX_ITEMS) {
    return;
  }
  while (items.size > MAX_ITEMS) {
    remove(list.lastElementChild);
  }
  floor = list.lastElementChild.dataset.key;
  // Only the server knows where the next page begins now.
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = "Read again from the newest";
  older.replaceChildren(link);
}

function fill(item, article) {
  const query = (name, value) => `/?${new URLSearchParams({ [name]: value })}`;
  item.dataset.id = article.id;
  item.dataset.version = article.version;
  item.dataset.key = key(article.id, article.publishedAt);
  item.querySelector("article").lang = article.language;
  link(item.querySelector("h2 a"), article.title, `/articles/${article.id}/${encodeURIComponent(article.slug)}`);
  link(item.querySelector(".author"), article.author, query("author", article.author));
  link(item.querySelector(".source"), article.source, query("source", article.source));
  item.querySelector(".summary").textContent = article.summary;
  showTime(item.querySelector("time"), article.publishedAt);
  item.querySelector(".tags").replaceChildren(
    ...article.tags.map((tag) => {
      const entry = document.createElement("li");
      const label = document.createElement("a");
      label.dir = "auto";
      entry.append(link(label, tag, query("tag", tag)));
      return entry;
    }),
  );
}

function link(element, text, address) {
  element.textContent = text;
  element.href = address;
  return element;
}

/** Reloads the page where events cannot bring it up to date. */
async function refresh() {
  try {
    const response = await fetch(location.href, { cache: "no-store" });
    if (!response.ok) {
      throw new Error(`The page was answered with ${response.status}`);
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const current = page.getElementById("feed");
    Object.assign(list.dataset, current.dataset);
    list.replaceChildren(...current.children);
    older.replaceChildren(...page.getElementById("older").children);
    adopt();
  } catch {
    refreshLater();
  }
}

/** Delayed at random, since all readers of the feed may reload at the same time. */
function refreshLater() {
  status.dataset.status = "reconnecting";
  status.textContent = STATUS.reconnecting;
  setTimeout(refresh, REFRESH_DELAY * (0.5 + Math.random()));
}

more.addEventListener("click", () => {
  if (stale || list.dataset.mode === "search") {
    location.reload();
    return;
  }
  scrollTo({ top: 0 });
  show();
  list.focus({ preventScroll: true });
});

addEventListener("scroll", () => waiting.size > 0 && !reading() && show(), { passive: true });

adopt();
