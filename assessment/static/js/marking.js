// Rating: saved as it is marked, done by single keys where the assessor wants them. Every page works without.

import { Carrier, Shelf } from "./answers.js";

const STORE = "attest.ratings.";
const TYPING = 800;
const QUICK = 400;
const SPLITS = 5;
const SPLIT = "attest.marking.split";
const KEYS = "attest.marking.keys";
const OWN = ["csrf_token", "revision", "go", "insert", "keep"];

const marking = document.querySelector("[data-marking]");
const both = document.querySelector("[data-both-shown]");

const remembered = (name) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // this browser keeps nothing
  }
};

const remember = (name, value) => {
  try {
    localStorage.setItem(name, value);
  } catch {
    // as above: it holds until the page is left
  }
};

const start = () => {
  const form = marking.querySelector("[data-rating]");
  const state = form.querySelector("[data-save-state]");
  const told = form.querySelector("[data-told]");
  const keys = document.querySelector("[data-keys]");
  const criteria = [...form.querySelectorAll("[data-criterion]")];
  const words = form.dataset;
  const shelf = new Shelf(words.owner, STORE);
  const access = { token: form.elements.csrf_token.value };
  let leaving = false;

  // What the page says

  let soon;
  const show = (sentence, look = "") => {
    clearTimeout(soon);
    if (state.textContent !== sentence) state.textContent = sentence;
    state.dataset.look = look;
  };
  const showSoon = (sentence) => {
    clearTimeout(soon);
    soon = setTimeout(() => show(sentence), QUICK);
  };
  const clockTime = (moment) =>
    new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(moment));
  const showSaved = (moment) => show(words.saved.replace("{time}", clockTime(moment)), "saved");
  const showLink = (sentence, text, address) => {
    show(sentence, "unsaved");
    const link = document.createElement("a");
    link.href = address;
    link.textContent = text;
    link.addEventListener("click", () => {
      leaving = true; // what is unsent is kept on this device
    });
    state.append(" ", link);
  };
  const tell = (sentence) => {
    told.textContent = "";
    setTimeout(() => {
      told.textContent = sentence;
    }, 50);
  };

  // Saving

  const fieldsOf = () => [...new FormData(form)].filter(([name]) => !OWN.includes(name) && !name.startsWith("stock-"));
  const fillIn = (fields) => {
    const given = new Map(fields);
    for (const input of form.querySelectorAll("[type=radio]")) input.checked = given.get(input.name) === input.value;
    for (const area of form.querySelectorAll("textarea")) area.value = given.get(area.name) ?? "";
  };

  /** Post the page: the server answers with both drafts and the choice between them. */
  const showBoth = () => {
    leaving = true;
    show(words.stale, "unsaved");
    form.elements.revision.value = carrier.entry.revision;
    HTMLFormElement.prototype.submit.call(form);
  };

  const met = (kind, outcome) => {
    if (kind === "saving") showSoon(words.saving);
    if (kind === "unsaved") show(words.unsaved, "unsaved");
    if (kind === "out") showLink(words.signedOut, words.signIn, location.href);
    if (kind === "stale") showBoth();
    if (kind === "refused") show(outcome.sentence, "unsaved");
    if (kind === "saved") {
      form.elements.revision.value = outcome.revision;
      if (outcome.said.sentence) show(outcome.said.sentence, "unsaved");
      else if (!carrier.unsent) showSaved(outcome.savedAt);
    }
  };

  const kept = shelf.read(marking.dataset.marking);
  const fresh = { address: form.getAttribute("action"), revision: Number(form.elements.revision.value), doubtful: null, wanted: null };
  const carrier = new Carrier(shelf, marking.dataset.marking, kept ?? fresh, access, met);
  const give = (pause) => {
    if (state.dataset.look === "saved") show(""); // it is saved no more
    carrier.give(fieldsOf(), pause);
  };
  const save = () => {
    give(0);
    return carrier.settle();
  };

  form.addEventListener("input", (event) => {
    if (event.target.matches("textarea")) give(TYPING);
    else if (event.target.matches("[type=radio]")) give(0);
  });
  form.addEventListener("change", () => {
    if (carrier.unsent) carrier.settle();
  });
  form.addEventListener("submit", async (event) => {
    const { submitter } = event;
    if (submitter?.matches("[data-save]")) {
      event.preventDefault();
      save();
      return;
    }
    if (submitter?.matches("[data-insert]")) {
      event.preventDefault();
      insert(submitter);
      return;
    }
    if (leaving || !carrier.unsent) {
      leaving = true;
      return;
    }
    event.preventDefault(); // the page is left when what it has is saved
    if ((await carrier.settle()) !== "saved") return;
    leaving = true;
    form.requestSubmit(submitter);
  });
  addEventListener("beforeunload", (event) => {
    if (carrier.unsent && !leaving) event.preventDefault();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // the server may know more than a page from memory
  });

  const insert = (button) => {
    const criterion = button.closest("[data-criterion]");
    const area = criterion.querySelector("textarea");
    const text = criterion.querySelector("select").selectedOptions[0]?.dataset.text ?? "";
    area.value = [area.value.trimEnd(), text].filter(Boolean).join("\n");
    area.focus();
    save();
  };

  // Criteria and their levels

  const titleOf = (criterion) => criterion.querySelector("legend").textContent.trim();
  let current = null;
  const mind = (criterion) => {
    if (!criterion || criterion === current) return;
    current?.removeAttribute("data-current");
    current = criterion;
    criterion.setAttribute("data-current", "");
  };
  const goTo = (criterion) => {
    if (!criterion) return;
    mind(criterion);
    (criterion.querySelector("[type=radio]:checked") ?? criterion.querySelector("[type=radio]")).focus();
    criterion.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => goTo(criteria[current ? criteria.indexOf(current) + by : 0]);
  const choose = (key) => {
    const criterion = current ?? criteria[0];
    const input = criterion.querySelector(`[data-key="${key}"]`);
    if (!input) return;
    mind(criterion);
    input.checked = !input.checked;
    input.focus();
    const level = criterion.querySelector(`label[for="${input.id}"] strong`).textContent;
    tell((input.checked ? words.chosen : words.cleared).replace("{criterion}", titleOf(criterion)).replace("{level}", level));
    give(0);
  };
  for (const criterion of criteria) criterion.addEventListener("focusin", () => mind(criterion));

  // The evidence

  const evidence = marking.querySelector(".marking-evidence");
  const seek = (link) => {
    const film = document.querySelector(`#${link.dataset.film} video`);
    if (!film) return;
    const second = Number(link.dataset.seek);
    const jump = () => {
      film.currentTime = second;
    };
    if (film.readyState > 0) jump();
    else film.addEventListener("loadedmetadata", jump, { once: true });
    film.scrollIntoView({ block: "nearest" });
    film.focus();
  };
  const look = (link) => {
    if (link.dataset.seek) return seek(link);
    const there = document.querySelector(link.getAttribute("href"));
    there?.scrollIntoView({ block: "start" });
    there?.focus({ preventScroll: true });
  };
  marking.addEventListener("click", (event) => {
    const link = event.target.closest('.where a[href^="#"]');
    if (!link) return;
    event.preventDefault();
    if (link.closest("[data-criterion]")) {
      mind(link.closest("[data-criterion]"));
      look(link);
    } else goTo(document.querySelector(link.getAttribute("href")));
  });
  const lookThereOrBack = () => {
    if (evidence.contains(document.activeElement)) return goTo(current ?? criteria[0]);
    const link = (current ?? criteria[0]).querySelector(".where a");
    if (link) look(link);
    else evidence.focus();
  };

  // The width of the panes

  const split = (to) => {
    const wanted = Math.min(SPLITS, Math.max(1, to));
    marking.dataset.split = wanted;
    remember(SPLIT, wanted);
    for (const button of form.querySelectorAll("[data-widen]")) {
      button.setAttribute("aria-disabled", String(wanted === (button.dataset.widen > 0 ? SPLITS : 1)));
    }
  };
  const widen = (by) => split(Number(marking.dataset.split) + by);
  split(Number(remembered(SPLIT)) || 3);
  form.querySelector("[data-tools]").hidden = false;
  for (const button of form.querySelectorAll("[data-widen]")) button.addEventListener("click", () => widen(Number(button.dataset.widen)));

  // Single keys, which can be switched off

  const use = keys.querySelector("[data-use-keys]");
  const showUse = () => marking.toggleAttribute("data-without-keys", !use.checked);
  use.checked = remembered(KEYS) !== "off";
  showUse();
  use.addEventListener("change", () => {
    remember(KEYS, use.checked ? "on" : "off");
    showUse();
    tell(use.checked ? words.keysOn : words.keysOff);
  });
  form.querySelector("[data-help]").addEventListener("click", () => keys.showModal());

  const ACTS = {
    j: () => step(1),
    k: () => step(-1),
    c: () => (current ?? criteria[0]).querySelector("textarea").focus(),
    e: lookThereOrBack,
    s: save,
    r: () => form.requestSubmit(form.querySelector("[name=go][value=check]")),
    "[": () => widen(-1),
    "]": () => widen(1),
    "?": () => keys.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    if (event.key === "Escape" && event.target.matches("textarea") && form.contains(event.target)) {
      goTo(event.target.closest("[data-criterion]"));
      return;
    }
    if (!use.checked || event.target.matches("textarea, select, input:not([type=radio]), video")) return;
    const act = /^[0-9]$/.test(event.key) ? () => choose(event.key) : ACTS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // What was typed and did not arrive, and a newer sign-in's token

  if (kept) {
    fillIn(kept.wanted ?? kept.doubtful);
    carrier.settle();
  } else if (state.dataset.savedAt) showSaved(state.dataset.savedAt);
  const renewAccess = async () => {
    const response = await fetch(location.href, { redirect: "manual" });
    if (!response.ok) return;
    const anew = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-rating]");
    if (anew?.dataset.owner !== words.owner) return;
    access.token = anew.elements.csrf_token.value;
    form.elements.csrf_token.value = access.token;
    carrier.settle();
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && carrier.unsent) renewAccess().catch(() => {});
  });
};

if (both) new Shelf(both.dataset.owner, STORE).remove(both.dataset.bothShown);
else if (marking) start();
