"use strict";
// The page's script. Python has counted every table once; here the same questions are asked again when the reader
// filters, and the rows behind a number are shown. Text from the ledger only ever goes into textContent.

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const lists = data.lists;
const tables = new Map(data.tables.map((table) => [table.key, table]));
const PAGE = 200;

/* ── lists: rows are arrays; a coded column holds places in its list of values ── */

for (const list of Object.values(lists)) {
  list.at = Object.fromEntries(list.columns.map(([name], at) => [name, at]));
}
const loans = lists.loans;

(function unpackDuties() {
  const missed = lists.duties.codes.state.indexOf("漏办");
  data.duties.of.forEach((text, loan) => {
    let told = 0;
    for (const one of text ? text.split(" ") : []) {
      const [, code, mark, n] = /^(\d+)([a-f])(\d*)$/.exec(one);
      const [rule, days] = data.duties.rules[code];
      const state = mark.charCodeAt(0) - 97;
      const first = state === missed && !told ? 1 : 0;
      told += first;
      lists.duties.rows.push([loan, rule, state, Number(n || 1), days - loans.rows[loan][loans.at.dpd], first]);
    }
  });
})();

// How a row's value is got, and whose column it is: its own, else that of the loan it is about; "a+b" is a sum.
function column(list, name) {
  if (name.includes("+")) {
    const parts = name.split("+").map((part) => column(list, part));
    return { title: "逾期本息", kind: "money", get: (row) => parts.reduce((sum, part) => sum + part.get(row), 0) };
  }
  const own = name in list.at;
  const owner = own || !("loan" in list.at) ? list : loans;
  if (!(name in owner.at)) return null;
  const at = owner.at[name];
  const [, title, kind] = owner.columns[at];
  const get = own ? (row) => row[at] : (row) => loans.rows[row[list.at.loan]][at];
  return { title, kind, get, values: owner.codes[name] };
}

const loanOf = (list, row, nth) => (list === loans ? nth : "loan" in list.at ? row[list.at.loan] : null);

/* ── counting: the same as report/pivots.py ── */

function ready(table, query) {
  const list = lists[query.of];
  const tests = Object.entries(query.where).map(([name, codes]) => [column(list, name).get, new Set(codes)]);
  const sums = query.sums.map((name) => column(list, name).get);
  const by = (query.by || table.by) && column(list, query.by || table.by);
  return {
    list,
    matches: (row) => tests.every(([get, codes]) => codes.has(get(row))),
    adds: (row) => (sums.length ? sums.reduce((sum, get) => sum + (get(row) || 0), 0) : 1),
    label: by ? (row) => by.values[by.get(row)] : () => "",
  };
}

// Rows that are alike in all that any table or filter asks about are put together once; tables count these groups.
function groupsOf(list) {
  if (list.groups) return list.groups;
  const asked = data.tables.flatMap((table) => queriesOf(table).filter(({ query }) => lists[query.of] === list).map(({ query }) => [query, query.by || table.by]));
  const names = [...new Set([...FILTERS, ...asked.flatMap(([query, by]) => [...Object.keys(query.where), by])])].filter((name) => name && column(list, name));
  const sums = [...new Set(asked.flatMap(([query]) => query.sums))];
  const gets = names.map((name) => column(list, name).get), parts = sums.map((name) => column(list, name).get);
  const found = new Map();
  for (const row of list.rows) {
    const codes = gets.map((get) => get(row)), key = codes.join();
    let group = found.get(key);
    if (!group) found.set(key, (group = { codes, sums: sums.map(() => 0), rows: 0 }));
    group.rows += 1;
    parts.forEach((get, nth) => { group.sums[nth] += get(row) || 0; });
  }
  return (list.groups = { names, sums, all: [...found.values()] });
}

function queriesOf(table) {
  return table.measures.flatMap((measure, nth) => ["plus", "minus", "over"].flatMap((part, at) => measure[part].map((query) => ({ query, nth, at }))));
}

function count(table) {
  const sums = new Map();
  const lineOf = (label) => {
    if (!sums.has(label)) sums.set(label, table.measures.map(() => [0, 0, 0]));
    return sums.get(label);
  };
  for (const { query, nth, at } of queriesOf(table)) {
    const list = lists[query.of], { names, sums: added, all } = groupsOf(list);
    const tests = [...Object.entries(query.where), ...filtersOf(list)].map(([name, codes]) => [names.indexOf(name), new Set(codes)]);
    const places = query.sums.map((name) => added.indexOf(name));
    const by = query.by || table.by, place = names.indexOf(by), values = by && column(list, by).values;
    for (const group of all) {
      if (!tests.every(([where, codes]) => codes.has(group.codes[where]))) continue;
      const line = lineOf(by ? values[group.codes[place]] : "");
      line[nth][at] += places.length ? places.reduce((sum, where) => sum + group.sums[where], 0) : group.rows;
    }
  }
  const labels = table.values.length ? table.values : [...sums.keys()];
  const cells = (line) => line.map(([plus, minus, over]) => ({ value: plus - minus, of: over }));
  const total = table.measures.map((_, nth) => [0, 1, 2].map((at) => labels.reduce((sum, label) => sum + lineOf(label)[nth][at], 0)));
  return { lines: new Map(labels.map((label) => [label, cells(lineOf(label))])), total: cells(total) };
}

// The rows behind a number: those without which it would be another.
function behind(table, label, nth) {
  const measure = table.measures[nth];
  const parts = [...measure.plus.map((query) => [1, ready(table, query)]), ...measure.minus.map((query) => [-1, ready(table, query)])];
  const list = (parts.find(([, one]) => one.list !== lists.calm && one.list !== lists.pools) || parts[0])[1].list;
  const labels = new Set(label === null ? (table.values.length ? table.values : table.lines) : [label]);
  const mine = parts.filter(([, one]) => one.list === list);
  const weight = (row) => mine.reduce((sum, [sign, one]) =>
    sum + (one.matches(row) && (!table.by || labels.has(one.label(row))) ? sign * one.adds(row) : 0), 0);
  return { list, wants: (row) => weight(row) !== 0 };
}

/* ── filters ── */

const FILTERS = ["branch", "manager", "stage", "product"];
const chosen = Object.fromEntries(FILTERS.map((name) => [name, ""]));
let sought = "";

// What the filters ask of a list, as a query asks it; a list without a column is not filtered by it.
function filtersOf(list) {
  return FILTERS.filter((name) => chosen[name] && column(list, name)).map((name) => [name, [column(list, name).values.indexOf(chosen[name])]]);
}

function passing(list) {
  const tests = filtersOf(list).map(([name, [code]]) => [column(list, name).get, code]);
  return (row) => tests.every(([get, code]) => get(row) === code);
}

function fillFilters() {
  const managers = new Map();
  loans.rows.forEach((row) => managers.set(row[loans.at.manager], row[loans.at.branch]));
  for (const name of FILTERS) {
    const select = byId(`f-${name}`);
    const values = name === "stage" ? data.stages : loans.codes[name];
    for (const value of values) select.append(new Option(value, value));
    select.addEventListener("change", () => {
      chosen[name] = select.value;
      if (name === "branch") onlyManagersOf(select.value, managers);
      refresh();
    });
  }
  byId("clear").addEventListener("click", () => {
    for (const name of FILTERS) chosen[name] = byId(`f-${name}`).value = "";
    onlyManagersOf("", managers);
    sought = byId("find").value = "";
    refresh();
  });
  byId("find").addEventListener("input", () => {
    sought = byId("find").value.trim().toLowerCase();
    byId("clear").hidden = !sought && !FILTERS.some((name) => chosen[name]);
    if (!byId("list").hidden) fillList();
    else if (sought) location.hash = "#all";
  });
}

function onlyManagersOf(branch, managers) {
  const select = byId("f-manager");
  for (const option of select.options) {
    const at = managers.get(loans.codes.manager.indexOf(option.value));
    option.hidden = Boolean(branch && option.value) && loans.codes.branch[at] !== branch;
  }
  if (select.selectedOptions[0].hidden) chosen.manager = select.value = "";
}

// A text is found as it is written, or by the first letters of its pinyin: any reading, for names have rare ones.
function holds(text, wanted) {
  const low = text.toLowerCase();
  if (low.includes(wanted)) return true;
  if (!/^[a-z]+$/.test(wanted)) return false;
  const letters = [...text].map((sign) => data.initials[sign] || sign.toLowerCase());
  for (let from = 0; from + wanted.length <= letters.length; from++) {
    if ([...wanted].every((letter, at) => letters[from + at].includes(letter))) return true;
  }
  return false;
}

function seeking(list) {
  const names = [...new Set(["no", "borrower", "guarantors", "manager", "branch", ...list.columns.filter(([, , kind]) => kind === "text" || kind === "name").map(([name]) => name)])];
  const columns = names.map((name) => column(list, name)).filter(Boolean);
  return (row) => !sought || columns.some((one) => holds(String(shown(one, one.get(row))), sought));
}

/* ── printing numbers: the same as report/numbers.py ── */

function wan(cents) {
  const hundredths = Math.floor((Math.abs(cents) + 5000) / 10000);
  const whole = Math.floor(hundredths / 100).toLocaleString("en-US");
  return `${cents < 0 && hundredths ? "-" : ""}${whole}.${String(hundredths % 100).padStart(2, "0")}`;
}
const percent = (cell) => (cell.of ? `${Math.floor((200 * cell.value + cell.of) / (2 * cell.of))}%` : "—");

function printed(cell, unit) {
  if (unit === "share") return percent(cell);
  if (unit === "rate") return cell.value ? `${cell.value.toLocaleString("en-US")} · ${percent(cell)}` : "0";
  const text = unit.startsWith("money") ? wan(cell.value) : cell.value.toLocaleString("en-US");
  if (!cell.value) return "0";
  return unit.endsWith("change") && cell.value > 0 ? `+${text}` : text;
}

const yuan = (cents) => (cents / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const start = Date.parse(data.asOf);
const day = (offset) => (offset === null ? "" : new Date(start + offset * 86400000).toISOString().slice(0, 10));

function shown(one, value) {
  if (one.kind === "coded") return one.values[value];
  if (one.kind === "money") return yuan(value);
  if (one.kind === "day") return day(value);
  return value === null ? "" : String(value);
}

/* ── elements ── */

function element(name, properties = {}, ...inside) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...inside);
  return made;
}
const isolated = (text) => element("bdi", { textContent: text });

const SHORT = 14;

function cellOf(one, row, loan) {
  const value = one.get(row);
  const numeric = one.kind === "money" || one.kind === "count";
  const text = shown(one, value);
  const linked = loan !== null && (one.name === "borrower" || one.name === "no");
  const inside = linked ? element("a", { href: `#case/${loan}` }, isolated(text)) : isolated(text);
  const kind = numeric ? "number" : one.kind === "day" ? "day" : text.length <= SHORT ? "short" : "";
  return element("td", { className: kind }, inside);
}

/* ── the report's numbers and charts ── */

function showTables() {
  const filtered = FILTERS.some((name) => chosen[name]);
  byId("clear").hidden = !filtered && !sought;
  data.tables.forEach((table, place) => {
    table.now = count(table);
    table.now.most = Math.max(1, ...[...table.now.lines.values()].flatMap((cells) => table.heat.map((at) => cells[at].value)));
    const home = byId(`t-${table.key}`);
    if (!home) return;
    for (const link of home.querySelectorAll(`a[href^="#t/${table.key}/"]`)) showCell(table, link);
    if (table.trim && table.by) {
      table.lines.forEach((label, at) => {
        const line = home.querySelectorAll("tbody tr")[at];
        line.hidden = filtered && !(table.now.lines.get(label) || []).some((cell) => cell.value);
      });
    }
    const chart = document.querySelector(`[data-chart="${place}"]`);
    if (chart) chart.replaceChildren(...drawn(table));
  });
  document.querySelectorAll("[data-spot]").forEach((home) => showSpot(home, data.spots[home.dataset.spot]));
}

function cellAt(table, line, nth) {
  if (line === "total") return table.now.total[nth];
  const found = table.now.lines.get(table.by ? table.lines[line] : "");
  return found ? found[nth] : { value: 0, of: 0 };
}

function showCell(table, link) {
  const [, , line, nth] = link.hash.split("/");
  const cell = cellAt(table, line, nth);
  const text = printed(cell, table.measures[nth].unit);
  const target = link.querySelector("b") || link;
  if (target.textContent !== text) target.textContent = text;
  link.classList.toggle("zero", !cell.value);
  if (line === "total" || !table.heat.includes(Number(nth))) return;
  const most = cell.of || table.now.most;
  link.parentElement.className = cell.value > 0 ? `number ${kindOf(table, line, nth)}${Math.ceil((6 * cell.value) / most)}` : "number";
}

// In a matrix from stage to stage: worse is h (orange), better b (blue), what stayed or left n (grey).
function kindOf(table, line, nth) {
  if (table.measures[nth].unit !== "rate") return "h";
  const [before, now] = [table.values.indexOf(table.lines[line]), Number(nth)];
  return now === before || now === table.values.length - 1 ? "n" : now > before ? "h" : "b";
}

const TONES = { 按时: "good", 迟办: "warn", 漏办: "bad", 限期内: "calm", 暂停: "mute", 启用前: "mute", 过期: "bad", 在办: "calm" };
const tone = (measure, at) => TONES[measure.title] || `c${at % 6}`;
const amountOf = (measure, cell) => (measure.unit === "share" ? (cell.of ? (100 * cell.value) / cell.of : 0) : Math.max(0, cell.value));
const nameOf = (measure) => (measure.title === "今天" ? measure.group : measure.title);

function svg(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

const sized = (width, height) => svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
const MOST_BARS = 16;

function drawn(table) {
  const series = table.drawn.map((nth) => ({ nth, measure: table.measures[nth] }));
  const names = series.map((one) => nameOf(one.measure)).join("、");
  const filled = (table.chart === "columns" ? table.values : table.lines).filter((label) => table.values.length || (table.now.lines.get(label) || []).some((cell) => cell.value));
  const lines = table.chart === "columns" ? filled : filled.slice(0, MOST_BARS);
  const amounts = lines.map((label) => series.map((one) => amountOf(one.measure, (table.now.lines.get(label) || [])[one.nth] || { value: 0, of: 0 })));
  const most = Math.max(1, ...amounts.map((parts) => parts.reduce((sum, part) => sum + part, 0)));
  const picture = (table.chart === "columns" ? columns : bars)(lines, amounts, most, series);
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", `${table.title}：${names}，图；数字见旁边的表`);
  const legend = element("ul", { className: "legend" });
  series.forEach((one, at) => {
    const key = svg("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" });
    key.append(svg("rect", { width: 10, height: 10, class: tone(one.measure, at) }));
    legend.append(element("li", {}, key, nameOf(one.measure)));
  });
  return [legend, picture];
}

const worth = (series, sum) => (series[0].measure.unit === "money" ? wan(sum) : series[0].measure.unit === "share" ? `${Math.round(sum)}%` : String(sum));
const shortened = (text, most) => ([...text].length > most ? `${[...text].slice(0, most - 1).join("")}…` : text);

function bars(lines, amounts, most, series) {
  const left = 132, wide = 190, high = 22;
  const picture = sized(left + wide + 64, lines.length * high + 4);
  lines.forEach((label, at) => {
    const y = at * high + 3;
    picture.append(svg("text", { x: left - 8, y: y + 13, "text-anchor": "end", direction: "ltr" }, shortened(label, 10)));
    let x = left;
    amounts[at].forEach((part, nth) => {
      const width = (part / most) * wide;
      if (width > 0) picture.append(svg("rect", { x, y, width: Math.max(1, width - 1), height: 16, class: tone(series[nth].measure, nth) }));
      x += width;
    });
    picture.append(svg("text", { x: x + 5, y: y + 13, class: "axis" }, worth(series, amounts[at].reduce((sum, part) => sum + part, 0))));
  });
  return picture;
}

function columns(lines, amounts, most, series) {
  const high = 150, step = Math.max(21, Math.min(40, 560 / lines.length));
  const picture = sized(lines.length * step + 24, high + 62);
  picture.append(svg("line", { x1: 0, x2: lines.length * step + 24, y1: high + 16, y2: high + 16, class: "rule" }));
  lines.forEach((label, at) => {
    const x = at * step + 20;
    let y = high + 16;
    amounts[at].forEach((part, nth) => {
      const tall = (part / most) * high;
      y -= tall;
      if (tall > 0) picture.append(svg("rect", { x, y, width: step - 4, height: Math.max(1, tall - 1), class: tone(series[nth].measure, nth) }));
    });
    const sum = amounts[at].reduce((total, part) => total + part, 0);
    if (sum) picture.append(svg("text", { x: x + step / 2 - 2, y: y - 3, "text-anchor": "middle", class: "axis" }, worth(series, sum)));
    const foot = high + 22;
    picture.append(svg("text", { x: x + step / 2 + 2, y: foot, "text-anchor": "end", transform: `rotate(-60 ${x + step / 2 + 2} ${foot})`, class: "axis" }, label.replace("起", "")));
  });
  return picture;
}

function showSpot(home, spot) {
  const table = element("table", { className: "brief" });
  if (spot.top) {
    const of = tables.get(spot.top);
    const lines = of.lines.map((label, at) => [label, at, of.now.lines.get(label)]).filter(([, , cells]) => cells && cells[of.rank].value > 0);
    lines.sort((one, other) => other[2][of.rank].value - one[2][of.rank].value);
    table.append(element("tr", {}, element("th", { textContent: "客户经理", scope: "col" }), ...spot.measures.map((nth) => element("th", { textContent: of.measures[nth].title, className: "number", scope: "col" })), element("th", { textContent: "漏得最多的是", scope: "col" })));
    for (const [label, at, cells] of lines.slice(0, 5)) {
      table.append(element("tr", {}, element("td", {}, isolated(label)), ...spot.measures.map((nth) => element("td", { className: "number" }, element("a", { href: `#t/${of.key}/${at}/${nth}`, textContent: printed(cells[nth], "count") }))), element("td", { textContent: worstRule(label) })));
    }
    home.replaceChildren(...(lines.length ? [element("h3", { textContent: spot.title }), table] : [element("p", { className: "none", textContent: spot.empty })]));
    return;
  }
  const list = lists[spot.of];
  const passes = passing(list);
  const tests = Object.entries(spot.where).map(([name, codes]) => [column(list, name).get, new Set(codes)]);
  const parts = spot.sort.map((name) => column(list, name).get);
  const weight = (row) => parts.reduce((sum, get) => sum + get(row), 0) * (spot.rising ? 1 : -1);
  const rows = list.rows.map((row, nth) => [row, loanOf(list, row, nth)]).filter(([row]) => passes(row) && tests.every(([get, codes]) => codes.has(get(row))));
  rows.sort((one, other) => weight(one[0]) - weight(other[0]));
  const shownColumns = spot.columns.map((name) => ({ name, ...column(list, name) }));
  table.append(element("tr", {}, ...shownColumns.map((one) => element("th", { textContent: one.title, className: one.kind === "money" ? "number" : "", scope: "col" }))));
  for (const [row, loan] of rows.slice(0, 5)) table.append(element("tr", {}, ...shownColumns.map((one) => briefCell(one, row, loan))));
  home.replaceChildren(...(rows.length ? [element("h3", { textContent: spot.title }), table] : [element("p", { className: "none", textContent: spot.empty })]));
}

function briefCell(one, row, loan) {
  if (one.kind === "money") return element("td", { className: "number", textContent: `${wan(one.get(row))}万` });
  return cellOf(one, row, loan);
}

function worstRule(manager) {
  const table = tables.get("missed");
  const cells = table && table.now.lines.get(manager);
  if (!cells) return "";
  let worst = 1;
  for (let nth = 2; nth < cells.length; nth++) if (cells[nth].value > cells[worst].value) worst = nth;
  return cells.length > 1 && cells[worst].value ? `${table.measures[worst].title}（${cells[worst].value}）` : "";
}

/* ── a list of rows ── */

const view = { list: null, wants: null, title: "", columns: [], rows: [], sort: null, falling: false, upTo: PAGE };

function openList(title, list, wants) {
  Object.assign(view, { list, wants, title, sort: null, falling: false, upTo: PAGE });
  const own = list.columns.filter(([, , kind, visible]) => visible && kind !== "loan").map(([name]) => name);
  const names = list === loans || !("loan" in list.at) ? own : ["borrower", "no", "branch", "manager", "stage", ...own.filter((name) => name !== "stage")];
  view.columns = names.map((name) => ({ name, ...column(list, name) }));
  fillList();
}

function fillList() {
  const { list, wants } = view;
  view.upTo = PAGE;
  const passes = passing(list), found = seeking(list);
  view.rows = [];
  list.rows.forEach((row, nth) => {
    if (passes(row) && wants(row) && found(row)) view.rows.push([row, loanOf(list, row, nth)]);
  });
  const filters = [...FILTERS.map((name) => chosen[name]), sought && `“${sought}”`].filter(Boolean);
  byId("list-title").textContent = view.title;
  const sums = view.columns.filter((one) => one.kind === "money").map((one) => `${one.title} ${yuan(view.rows.reduce((sum, [row]) => sum + one.get(row), 0))}元`);
  byId("list-sum").textContent = [`共${view.rows.length}行${filters.length ? `（只看：${filters.join("、")}）` : ""}`, ...sums].join("；");
  if (list === loans && !view.sort) {
    const owed = column(loans, "principal+interest").get;
    view.rows.sort(([one], [other]) => owed(other) - owed(one));
  }
  sortRows();
}

function sortRows() {
  const one = view.columns.find((each) => each.name === view.sort);
  if (one) {
    const sign = view.falling ? -1 : 1;
    const numeric = ["money", "count", "day", "coded"].includes(one.kind);
    const key = one.kind === "coded" && !["stage", "last", "month", "state", "level", "standing", "span", "rule"].includes(one.name) ? (row) => one.values[one.get(row)] : one.get;
    view.rows.sort(([a], [b]) => sign * (numeric && key === one.get ? key(a) - key(b) : String(key(a)).localeCompare(String(key(b)), "zh-CN", { numeric: true })));
  }
  showRows();
}

function showRows() {
  const [head, body] = [byId("rows").tHead, byId("rows").tBodies[0]];
  head.replaceChildren(element("tr", {}, ...view.columns.map((one) => {
    const button = element("button", { type: "button", textContent: one.title });
    button.addEventListener("click", () => {
      view.falling = view.sort === one.name ? !view.falling : one.kind === "money" || one.kind === "count";
      view.sort = one.name;
      sortRows();
      byId("rows").tHead.rows[0].cells[view.columns.indexOf(one)].firstChild.focus();
    });
    const cell = element("th", { scope: "col", className: one.kind === "money" || one.kind === "count" ? "number" : "" }, button);
    cell.setAttribute("aria-sort", view.sort === one.name ? (view.falling ? "descending" : "ascending") : "none");
    return cell;
  })));
  body.replaceChildren(...view.rows.slice(0, view.upTo).map(([row, loan]) => element("tr", {}, ...view.columns.map((one) => cellOf(one, row, loan)))));
  const left = view.rows.length - view.upTo;
  byId("more").hidden = left <= 0;
  byId("more").textContent = `再显示${Math.min(left, 5 * PAGE)}行（还有${left}行）`;
}

/* ── a case ── */

const FACTS = ["no", "branch", "manager", "product", "stage", "last", "month", "dpd", "class", "move", "principal", "interest", "balance", "guarantors", "phone", "id_no", "gaps"];

function openCase(loan) {
  const row = loans.rows[loan];
  byId("case-title").replaceChildren(isolated(row[loans.at.borrower]));
  const facts = element("dl", { className: "facts" });
  for (const name of FACTS) {
    const one = column(loans, name), text = shown(one, one.get(row));
    if (text) facts.append(element("div", {}, element("dt", { textContent: one.title }), element("dd", {}, isolated(text))));
  }
  const parts = ["duties", "rights", "promises", "signals", "deferrals", "proofs"].map((key) => casePart(lists[key], loan)).filter(Boolean);
  const hint = element("p", { className: "lead", textContent: `全部经过：ccm case ${row[loans.at.no]}` });
  byId("case-body").replaceChildren(facts, ...parts, hint);
}

function casePart(list, loan) {
  const rows = list.rows.filter((row) => row[list.at.loan] === loan);
  if (!rows.length) return null;
  const shownColumns = list.columns.filter(([, , kind, visible]) => visible && kind !== "loan").map(([name]) => ({ name, ...column(list, name) }));
  const table = element("table", { className: "rows" });
  table.append(element("thead", {}, element("tr", {}, ...shownColumns.map((one) => element("th", { textContent: one.title, scope: "col" })))));
  table.append(element("tbody", {}, ...rows.map((row) => element("tr", {}, ...shownColumns.map((one) => cellOf(one, row, null))))));
  return element("figure", {}, element("figcaption", { textContent: `${list.title}（${rows.length}）` }), element("div", { className: "scroll" }, table));
}

/* ── where the reader is ── */

function titleOf(table, line, nth) {
  const label = line === "total" ? "合计" : table.by ? table.lines[line] : "";
  const measure = table.measures[nth];
  return [table.title, label, measure.group, measure.title].filter(Boolean).join(" · ");
}

let scrolled = 0;

function go(event) {
  const [kind, key, line, nth] = decodeURIComponent(location.hash.slice(1)).split("/");
  const place = kind === "t" || kind === "all" ? "list" : kind === "case" ? "case" : "report";
  if (!byId("report").hidden && place !== "report") scrolled = scrollY;
  for (const id of ["report", "list", "case"]) byId(id).hidden = id !== place;
  if (kind === "t") {
    const table = tables.get(key);
    const { list, wants } = behind(table, line === "total" ? null : table.by ? table.lines[line] : "", Number(nth));
    openList(titleOf(table, line, nth), list, wants);
  } else if (kind === "all") openList("全部名单", loans, () => true);
  else if (kind === "case") openCase(Number(key));
  if (place === "report") {
    const part = kind === "s" && byId(`h-${key}`);
    if (part) part.focus({ preventScroll: true }), byId(`s-${key}`).scrollIntoView();
    else if (event) scrollTo(0, scrolled);
    return;
  }
  scrollTo(0, 0);
  if (document.activeElement !== byId("find")) byId(`${place}-title`).focus({ preventScroll: true });
}

function refresh() {
  showTables();
  if (!byId("list").hidden) {
    fillList();
    byId("said").textContent = byId("list-sum").textContent;
  } else byId("said").textContent = "已按筛选重新计算";
}

function setTheme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  byId("theme").textContent = dark ? "浅色" : "深色";
  byId("theme").setAttribute("aria-pressed", String(dark));
}

const preferred = matchMedia("(prefers-color-scheme: dark)");
setTheme(preferred.matches);
preferred.addEventListener("change", () => setTheme(preferred.matches));
byId("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme !== "dark"));
byId("print").addEventListener("click", () => print());
byId("more").addEventListener("click", () => { view.upTo += 5 * PAGE; showRows(); });
byId("back").addEventListener("click", (event) => { if (history.length > 1) { event.preventDefault(); history.back(); } });
addEventListener("beforeprint", () => { if (!byId("list").hidden) { view.upTo = Infinity; showRows(); } });
addEventListener("hashchange", go);
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = ["INPUT", "SELECT"].includes(document.activeElement.tagName);
  if (event.key === "/" && !typing) { event.preventDefault(); byId("find").focus(); }
  if (event.key === "Escape" && byId("report").hidden) location.hash = "#";
});

fillFilters();
showTables();
go();
