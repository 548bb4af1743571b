// Small courtesies; every page works without them.

// In a dense table, the arrow keys (or j and k) move from row to row.
const rowsOf = (table) => [...table.querySelectorAll("tbody tr")].filter((row) => row.querySelector("a, button, input"));

const moveWithin = (event) => {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input, select, textarea")) return;
  const rows = rowsOf(event.currentTarget);
  const next = rows[rows.indexOf(event.target.closest("tr")) + step];
  if (!next) return;
  event.preventDefault();
  next.querySelector("a, button, input").focus();
};

for (const table of document.querySelectorAll("table.desk")) table.addEventListener("keydown", moveWithin);

// Moments are shown in the reader's own time zone, which only the browser knows.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
