import { follow } from "./follow.js";
import { showTimes } from "./times.js";

const article = document.getElementById("article");
const notice = document.getElementById("notice");
const MAX_POST_HEIGHT = 4000;

function notify(text, address, label) {
  const link = document.createElement("a");
  link.href = address;
  link.textContent = label;
  notice.replaceChildren(text, " ", link);
  notice.hidden = false;
}

async function changed() {
  // A withdrawal in the author's feed may also mean another author: the page itself shows which it is.
  const { status } = await fetch(location.href, { method: "HEAD", cache: "no-store" });
  if (status === 410) {
    notify("This article was withdrawn.", "/", "See the newest articles");
  } else {
    notify("This article was updated.", location.href, "Reload it");
  }
}

// Loads nothing of another site before the reader asks for it.
function openEmbed(event) {
  const link = event.target.closest("a[data-frame]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
    return;
  }
  event.preventDefault();
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-scripts allow-same-origin allow-popups allow-presentation";
  frame.allow = "fullscreen; picture-in-picture; encrypted-media";
  frame.className = link.dataset.shape;
  frame.title = link.textContent;
  frame.src = link.dataset.frame;
  if (frame.className === "post") {
    // Mastodon reports its height when asked, with any id.
    frame.addEventListener("load", () => frame.contentWindow.postMessage({ type: "setHeight", id: 1 }, "*"));
  }
  link.replaceWith(frame);
  frame.focus();
}

// A post sets only the height of its own frame.
function resizePost({ data, source }) {
  const frame = [...article.querySelectorAll("iframe.post")].find((post) => post.contentWindow === source);
  if (frame && data?.type === "setHeight" && data.height > 0) {
    frame.height = Math.min(data.height, MAX_POST_HEIGHT);
    frame.classList.add("sized");
  }
}

showTimes(document);
article.addEventListener("click", openEmbed);
window.addEventListener("message", resizePost);
follow(article.dataset.stream, article.dataset.cursor, {
  change(type, { id, version }) {
    if (id === article.dataset.id && !(version <= Number(article.dataset.version))) {
      changed().catch(() => notify("This article has changed.", location.href, "Reload it"));
    }
  },
  reset: () => notify("This article may have changed.", location.href, "Reload it"),
  status() {},
});
