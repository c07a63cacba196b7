// Draws the charts whose Vega-Lite lies beside the page, in the page's colours. No eval: Vega's interpreter does the work.
import { expressionInterpreter } from "./vendor/vega-interpreter.js";

const KINDS = ["verified", "contradicted", "inconclusive", "stale", "claimed"];
const from = document.baseURI;
const probe = document.body.appendChild(document.createElement("span"));
probe.hidden = true;
const tip = document.body.appendChild(document.createElement("div"));
tip.className = "tip";
tip.hidden = true;

function colour(name) {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

function config(width) {
  const [ink, muted, line] = ["ink", "muted", "line"].map(colour);
  const font = getComputedStyle(document.body).fontFamily;
  return {
    background: "transparent",
    font,
    view: { stroke: null },
    range: { category: KINDS.map(colour) },
    line: { color: muted },
    axis: {
      labelColor: muted,
      titleColor: muted,
      titleFontWeight: "normal",
      labelFontSize: 12,
      titleFontSize: 12,
      gridColor: line,
      domainColor: line,
      tickColor: line,
      tickCount: 6,
    },
    legend: { labelColor: ink, labelFontSize: 12, symbolSize: 70, symbolOpacity: 1, columns: width < 420 ? 3 : 0 },
  };
}

function tell(_handler, event, _item, value) {
  tip.hidden = !value;
  if (!value) return;
  tip.textContent = value;
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(event.clientX + 14, innerWidth - width - 8))}px`;
  tip.style.top = `${Math.max(8, event.clientY - height - 14)}px`;
}

const views = new Map();
const specs = new Map();

function fetched(address) {
  if (!specs.has(address)) {
    specs.set(address, fetch(address).then((answer) => {
      if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
      return answer.json();
    }));
  }
  return specs.get(address);
}

async function draw(place) {
  const spec = await fetched(new URL(place.dataset.spec, from).href);
  views.get(place)?.finalize();
  const compiled = vegaLite.compile(spec, { config: config(place.clientWidth) }).spec;
  const view = new vega.View(vega.parse(compiled, null, { ast: true }), {
    expr: expressionInterpreter,
    renderer: "svg",
    container: place,
    tooltip: tell,
  });
  view.addEventListener("click", (_event, item) => {
    if (item?.datum?.to) location.assign(new URL(item.datum.to, new URL(place.dataset.spec, from)));
  });
  views.set(place, view);
  await view.runAsync();
  // To those who do not see it, the place around it says what it is.
  place.querySelector("svg").setAttribute("aria-hidden", "true");
  place.dataset.drawn = "true";
}

function drawAll() {
  for (const place of document.querySelectorAll(".drawing")) {
    draw(place).catch((error) => {
      console.error(error);
      place.textContent = "The chart cannot be drawn here; its numbers are in the table below.";
    });
  }
}

drawAll();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-theme"] });
