// What an observer enters stays on this device until it has arrived, and is sent once.

const STORE = "attest.observing.";
const LONGEST_KEPT = 21 * 24 * 60 * 60 * 1000;
const PATIENCE = 20000;
const PAUSE = 15000;
const NEVER_KEPT = ["csrf_token"];

const form = document.querySelector("form[data-draft]");
const done = document.querySelector("[data-draft-sent]");
const state = form?.querySelector("[data-draft-state]");

// The shelf: one draft for each link

const read = (name) => {
  try {
    return JSON.parse(localStorage.getItem(STORE + name));
  } catch {
    return null; // this browser keeps nothing: what is typed then lives as long as its page
  }
};

const write = (name, draft) => {
  try {
    localStorage.setItem(STORE + name, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
};

const drop = (name) => {
  try {
    localStorage.removeItem(STORE + name);
  } catch {
    // as above
  }
};

const dropOld = () => {
  try {
    for (const key of Object.keys(localStorage).filter((each) => each.startsWith(STORE))) {
      const draft = read(key.slice(STORE.length));
      if (!draft || Date.now() - draft.at > LONGEST_KEPT) localStorage.removeItem(key);
    }
  } catch {
    // as above
  }
};

// The form

const fields = () => [...new FormData(form)].filter(([name]) => !NEVER_KEPT.includes(name));

const keep = (isWaiting) => write(form.dataset.draft, { at: Date.now(), isWaiting, fields: fields() });

const say = (sentence) => {
  if (state.textContent !== sentence) state.textContent = sentence;
};

const fillIn = (kept) => {
  const given = new Map();
  for (const [name, value] of kept) given.set(name, [...(given.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (!control.name || NEVER_KEPT.includes(control.name)) continue;
    const values = given.get(control.name) ?? [];
    if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
    else if (control.name === "day") control.value = values.shift() ?? "";
    else if (values.length) [control.value] = values;
  }
  for (const text of form.querySelectorAll("details textarea")) if (text.value) text.closest("details").open = true;
};

// The way to the server

const post = () =>
  fetch(form.dataset.again, {
    method: "POST",
    body: new URLSearchParams([...new FormData(form)]),
    signal: AbortSignal.timeout(PATIENCE),
  });

/** Take a token that is good now: a page that lay open for a day has one of an earlier visit. */
const renew = async () => {
  for (const address of [form.dataset.again, form.dataset.thanks]) {
    const page = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
    if (!page.ok) continue;
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    form.elements.csrf_token.value = fresh.querySelector("[name=csrf_token]")?.value ?? "";
    return;
  }
};

let sending = null;
let later;

const wait = () => {
  keep(true);
  say(form.dataset.kept);
  clearTimeout(later);
  later = setTimeout(send, PAUSE);
};

const arrived = (response) => {
  drop(form.dataset.draft);
  location.assign(response.url);
};

/** Let the server's own page say what is to be corrected. */
const submitAsPage = () => {
  keep(false);
  HTMLFormElement.prototype.submit.call(form);
};

const closed = () => {
  keep(false);
  say(form.dataset.closed);
};

const attempt = async () => {
  try {
    let response = await post();
    if (response.status === 400) {
      await renew();
      response = await post();
    }
    if (response.redirected && response.ok) arrived(response);
    else if (response.status === 410 || response.status === 404) closed();
    else if (response.status === 429 || response.status >= 500) wait();
    else submitAsPage();
  } catch {
    wait(); // no signal, or an answer that is not ours
  }
};

function send() {
  clearTimeout(later);
  say(form.dataset.sending);
  sending ??= attempt().finally(() => {
    sending = null;
  });
  return sending;
}

const start = () => {
  const draft = read(form.dataset.draft);
  const isCorrecting = document.querySelector("[data-error-summary]");
  if (draft && !isCorrecting) fillIn(draft.fields);
  form.addEventListener("input", () => {
    if (keep(false)) say(form.dataset.draftKept);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep(true);
    send();
  });
  addEventListener("online", () => {
    if (read(form.dataset.draft)?.isWaiting) send();
  });
  if (draft?.isWaiting && !isCorrecting) send();
};

dropOld();
if (done) drop(done.dataset.draftSent);
if (form) start();
