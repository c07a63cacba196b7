// Filters and sorts a list without loading the page anew. On a server, the server does the work; on the static site it
// is done here, on the files of data beside the page, with the same outcome.
const PAGE = 100;
const MODEL = 1, OWNER = 2, SCORE = 3, LOW = 4, HIGH = 5, OUT = 6, VERIFIED = 7, STRENGTH = 8, CHANGED = 9, SIZE = 10;
const BASE = 11, SIGNED = 12;
const RUNGS = ["syntax", "benchmark", "log", "rescored", "sampled", "full"];
const DIRECTIONS = { rank: "ascending", model: "ascending", score: "descending", evidence: "descending", date: "descending" };

const section = document.getElementById("rows");
const form = section.querySelector("form");
const status = document.getElementById("status");
const isBoard = section.dataset.what === "row";
const lower = section.dataset.lower === "1";
const chunks = Number(section.dataset.chunks);
const home = new URL(section.dataset.home, document.baseURI);
let data = null;
let latest = 0;
let current = location.pathname + location.search;

// The address of the page changes below; what is on it goes on leading where it led.
for (const link of document.querySelectorAll("a[href], link[rel=icon]")) {
  if (!link.getAttribute("href").startsWith("#")) link.setAttribute("href", link.href);
}
form.action = home.href;

function asked() {
  return new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()));
}

function address(given) {
  const there = new URL(home);
  there.search = given;
  return there;
}

async function fetched(name) {
  const answer = await fetch(new URL(name, home));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.json();
}

async function whole() {
  const names = Array.from({ length: chunks }, (_, index) => `rows-${index + 1}.json`);
  data ??= Promise.all(names.map(fetched)).then((parts) => parts.flat().map((row, place) => [row, place]));
  return data;
}

// ── what flows/boards.py and board.py do ────────────────────────────────────────────────────

function size(text) {
  const found = /^([0-9]{1,15}(?:\.[0-9]{1,6})?) ?([KMBT]?)$/.exec(text.trim().toUpperCase());
  if (!found) throw new Error(`“${text}” is no number of parameters such as 7B or 500M`);
  return Number(found[1]) * { "": 1, K: 1e3, M: 1e6, B: 1e9, T: 1e12 }[found[2]];
}

function tests(given) {
  const has = (name) => given.get(name)?.trim();
  const found = [];
  const add = (name, make) => has(name) && found.push(make(has(name)));
  add("q", (text) => ([row]) => row[isBoard ? MODEL : 0].toLowerCase().includes(text.toLowerCase()));
  if (!isBoard) return found;
  add("owner", (text) => ([row]) => row[OWNER] === text);
  add("verified", () => ([row]) => row[VERIFIED]);
  add("signed", () => ([row]) => row[SIGNED]);
  add("base_only", () => ([row]) => row[BASE]);
  add("min_rung", (rung) => ([row]) => row[STRENGTH] >= RUNGS.indexOf(rung));
  add("since", (day) => ([row]) => row[CHANGED] !== null && row[CHANGED] >= `${day}T00:00:00Z`);
  for (const [name, fits] of [["size_min", (a, b) => a >= b], ["size_max", (a, b) => a <= b]]) {
    add(name, (text) => {
      const end = size(text);
      return ([row]) => row[SIZE] !== null && fits(row[SIZE], end);
    });
  }
  return found;
}

const compared = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const upwards = (row, column) => (lower ? -row[{ [LOW]: HIGH, [HIGH]: LOW }[column] ?? column] : row[column]);
const byScore = ([a], [b]) =>
  upwards(b, SCORE) - upwards(a, SCORE) || compared(a[MODEL], b[MODEL]) || compared(a[0], b[0]);

function bestOfEach(rows) {
  const best = new Map();
  for (const each of rows.toSorted((a, b) => a[0][OUT] - b[0][OUT] || byScore(a, b))) {
    if (!best.has(each[0][MODEL])) best.set(each[0][MODEL], each);
  }
  return [...best.values()];
}

function above(lows, value) {
  let [from, to] = [0, lows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (lows[middle] <= value) from = middle + 1;
    else to = middle;
  }
  return lows.length - from;
}

function ranked(rows) {
  const sound = rows.filter(([row]) => !row[OUT]);
  const lows = sound.map(([row]) => upwards(row, LOW)).sort((a, b) => a - b);
  const placed = sound.map((each) => ({ each, rank: above(lows, upwards(each[0], HIGH)) + 1 }));
  placed.sort((a, b) => a.rank - b.rank || byScore(a.each, b.each));
  const count = new Map();
  for (const { rank } of placed) count.set(rank, (count.get(rank) ?? 0) + 1);
  const out = rows.filter(([row]) => row[OUT]).sort(byScore).map((each) => ({ each, label: "" }));
  return [...placed.map(({ each, rank }) => ({ each, label: `${rank}${count.get(rank) > 1 ? "=" : ""}` })), ...out];
}

const nullsLast = (column) => ({ each: [a] }, { each: [b] }) =>
  (a[column] === null) - (b[column] === null) || compared(b[column], a[column]);
const ORDERS = {
  model: ({ each: [a] }, { each: [b] }) => compared(a[MODEL], b[MODEL]),
  score: nullsLast(SCORE),
  date: nullsLast(CHANGED),
  evidence: nullsLast(STRENGTH),
};

function chosen(rows, given) {
  const wanted = tests(given);
  let found = rows.filter((each) => wanted.every((fits) => fits(each)));
  if (!isBoard) return found.map((each) => ({ each }));
  if (given.get("best")) found = bestOfEach(found);
  const placed = ranked(found);
  const order = ORDERS[given.get("sort")];
  return order ? placed.sort((a, b) => order(a, b) || a.each[1] - b.each[1]) : placed;
}

// ── showing it ──────────────────────────────────────────────────────────────────────────────

function counted(count, what) {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}

function element(name, text, more = {}) {
  return Object.assign(document.createElement(name), { textContent: text }, more);
}

function pageLink(text, given, number) {
  const there = new URLSearchParams(given);
  if (number > 1) there.set("page", number);
  else there.delete("page");
  const link = element("a", text, { className: "button", href: address(there).href });
  link.dataset.page = number;
  return link;
}

function pager(total, given, number) {
  const last = Math.max(Math.ceil(total / PAGE), 1);
  const first = (number - 1) * PAGE + 1;
  const nav = element("nav", "", { className: "pager" });
  nav.setAttribute("aria-label", "Pages of the list");
  const what = section.dataset.what;
  const shown = `${first.toLocaleString("en")}–${Math.min(first + PAGE - 1, total).toLocaleString("en")}`;
  nav.append(element("p", total ? `${shown} of ${counted(total, what)}` : `No ${what} here.`));
  if (last > 1) {
    if (number > 1) nav.append(pageLink("← Previous", given, number - 1));
    nav.append(element("span", `Page ${number} of ${last}`));
    if (number < last) nav.append(pageLink("Next →", given, number + 1));
  }
  return nav;
}

function body(shown) {
  const made = document.createElement("template");
  made.innerHTML = `<table><tbody>${shown.map(({ each: [row] }) => row.at(-1)).join("")}</tbody></table>`;
  const rows = made.content.querySelector("tbody");
  if (isBoard) {
    shown.forEach(({ label }, index) => {
      if (label) rows.rows[index].cells[0].textContent = label;
    });
  }
  return rows;
}

async function work(given) {
  const rows = await whole();
  const found = chosen(rows, given);
  const number = Math.min(Number(given.get("page")) || 1, Math.max(Math.ceil(found.length / PAGE), 1));
  const results = document.getElementById("results").cloneNode(true);
  results.querySelector(".wrong")?.remove();
  const scroll = results.querySelector(".scroll");
  scroll.hidden = found.length === 0;
  scroll.querySelector("tbody").replaceWith(body(found.slice((number - 1) * PAGE, number * PAGE)));
  results.querySelector(".pager").replaceWith(pager(found.length, given, number));
  const told = `${counted(found.length, section.dataset.what)} of ${rows.length.toLocaleString("en")}`;
  return { results, told: isBoard ? `${told}; ranks are among these.` : `${told}.` };
}

async function ask(there) {
  const answer = await fetch(there);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const results = page.getElementById("results");
  if (!results) throw new Error(`${there}: ${answer.status}`);
  return { results, told: page.getElementById("status").textContent };
}

function mark(given) {
  const sort = given.get("sort") || "rank";
  for (const link of section.querySelectorAll("a[data-sort]")) {
    const there = new URLSearchParams(given);
    there.delete("page");
    if (link.dataset.sort === "rank") there.delete("sort");
    else there.set("sort", link.dataset.sort);
    link.href = address(there).href;
    if (link.dataset.sort === sort) link.closest("th").setAttribute("aria-sort", DIRECTIONS[sort]);
    else link.closest("th").removeAttribute("aria-sort");
  }
}

async function show(given, remember) {
  const turn = ++latest;
  section.setAttribute("aria-busy", "true");
  const there = address(given);
  try {
    const { results, told } = chunks ? await work(given) : await ask(there);
    if (turn !== latest) return;
    const focused = document.activeElement?.dataset?.sort;
    if (remember) history[remember](null, "", there);
    current = location.pathname + location.search;
    document.getElementById("results").replaceWith(results);
    mark(given);
    status.textContent = told;
    if (focused) section.querySelector(`a[data-sort="${focused}"]`)?.focus();
  } catch (error) {
    status.textContent = error.message;
  } finally {
    if (turn === latest) section.removeAttribute("aria-busy");
  }
}

function fill(given) {
  for (const field of form.elements) {
    if (!field.name) continue;
    if (field.type === "checkbox") field.checked = given.has(field.name);
    else field.value = given.get(field.name) ?? "";
  }
  const more = form.querySelector(".more");
  if (more && [...more.querySelectorAll("input, select")].some((field) => field.value)) more.open = true;
}

let waiting;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => show(asked(), "replaceState"), 200);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  show(asked(), "pushState");
});
section.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-sort], a[data-page]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const there = new URL(link.href);
  if (there.pathname !== home.pathname || (chunks && !there.search && link.dataset.page)) return;
  event.preventDefault();
  fill(there.searchParams);
  show(there.searchParams, "pushState").then(() => link.dataset.page && section.scrollIntoView());
});
addEventListener("popstate", () => {
  if (location.pathname + location.search !== current) location.reload();
});
if (chunks && location.search) {
  const given = new URLSearchParams(location.search);
  fill(given);
  show(given, null);
} else if (isBoard) {
  mark(new URLSearchParams(location.search));
}
