const MARK = "freshet-signed-in";

const account = document.getElementById("account");
const signIn = account.firstElementChild;
const signedIn = document.getElementById("signed-in").content;

/** Shows the signed-in account. Pages are the same for all readers and cached; only this is requested each time. */
async function show() {
  account.replaceChildren(signIn);
  if (!document.cookie.split("; ").some((cookie) => cookie.startsWith(`${MARK}=`))) {
    return;
  }
  const answer = await fetch("/api/v1/session");
  if (answer.ok) {
    const session = await answer.json();
    const shown = signedIn.cloneNode(true);
    shown.querySelector("a").textContent = session.account.name;
    account.replaceChildren(shown);
  } else if (answer.status === 401) {
    document.cookie = `${MARK}=; Path=/; Max-Age=0`;
  }
}

if (!location.pathname.startsWith("/sign-")) {
  signIn.href += `?next=${encodeURIComponent(location.pathname + location.search)}`;
}
// A page restored from the back-forward cache may predate signing in or out.
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    show();
  }
});
show();
