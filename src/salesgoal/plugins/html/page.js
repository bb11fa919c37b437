"use strict";
// What the page can do beyond showing its tables: fold, sort, choose, and show packed lines.
// Texts of the plan reach the page through textContent only, so that they stay texts.

const root = document.documentElement;
root.classList.add("js");

const ROWS_AT_ONCE = 300;
const ROWS_AT_FIRST = 24;
const MOST_COLUMNS_ON_A_PHONE = 4;
const MARK = 75;
const NARROW = matchMedia("(max-width: 700px)");
const SIGNS = ["", " ✓", " ▼", " !"];
const FLAGS = ["", "met", "unmet", "problem"];
const ROLES = ["", "rest", "total"];
const PLACES = { percent: () => 2, rate: (decimals) => Math.max(decimals, 2) };

const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
const withoutSign = (text) => text.replace(/ [✓▼!]$/, "");
const toNumber = (text) => {
  const plain = text.replace(/[^0-9.-]/g, "");
  return plain === "" || plain === "-" ? null : Number(plain);
};
let words;
let collator;

// ---- Lines that stand in the page as rows.

class Rows {
  constructor(table) {
    this.rows = [...table.tBodies[0].rows];
    this.size = this.rows.length;
  }
  depth(line) {
    return Number(/(?:^| )d(\d+)/.exec(this.rows[line].className)?.[1] ?? 0);
  }
  isBody(line) {
    return !/\b(rest|total)\b/.test(this.rows[line].className);
  }
  text(line, column) {
    return this.rows[line].cells[column].textContent;
  }
  row(line) {
    return this.rows[line];
  }
}

// ---- Lines that travel packed; see packed.py.

class Packed {
  constructor(content, texts, before, bullets) {
    this.texts = texts;
    this.before = before;
    this.depths = content.depth.split(",").map(Number);
    this.size = content.role.length;
    this.roles = content.role;
    this.decimals = content.decimals.split(",");
    this.columns = content.columns.map((column) => ({
      ...column,
      at: column.at?.split(",").map(Number),
      figures: column.figures?.split("\n"),
    }));
    this.ordinals = this.numbered();
    this.units = [];
    for (const column of this.columns) {
      this.units.push(column.figures ? this.unitsOf(column) : null);
    }
    this.bullets = bullets;
    this.made = new Map();
  }
  depth(line) {
    return this.depths[line];
  }
  isBody(line) {
    return this.roles[line] === "0";
  }
  places(line, column) {
    const { kind, decimals } = this.columns[column];
    const own = this.decimals[line] === "" ? decimals : Number(this.decimals[line]);
    return (PLACES[kind] ?? ((each) => each))(own);
  }
  // The figures of a column in their smallest units, null where there is none. Every mark speaks
  // of columns to the left, of lines below or of sheets before, which are known by then.
  unitsOf({ figures, formulas, base }) {
    const units = new Array(this.size).fill(null);
    const known = base && this.before[base[0]].units[base[1]];
    const places = base && placesOf(figures);
    const below = [];
    for (let line = this.size - 1; line >= 0; line -= 1) {
      const mark = figures[line];
      const [depth, at] = [this.depths[line], this.ordinals[line]];
      if (mark === "" || mark[0] === "~") units[line] = null;
      else if (mark[0] === "=") units[line] = this.formula(line, formulas[Number(mark.slice(1))]);
      else if (mark[0] === "^") units[line] = below[depth + 1][at];
      else if (mark[0] === "@") units[line] = known[places[line]];
      else if (mark[0] === "+") units[line] = sumOf(units, line, mark.slice(1).split(","));
      else if (mark[0] >= "a") units[line] = this.units[mark.charCodeAt(0) - 97][line];
      else units[line] = BigInt(mark);
      below[depth] ??= [];
      below[depth][at] = (below[depth][at] ?? 0n) + (units[line] ?? 0n);
      if (!at) below[depth + 1] = [];
    }
    return units;
  }
  // Which line of its goal each line is: a goal is a run of one depth and one name.
  numbered() {
    const [{ at: names }] = this.columns;
    let at = 0;
    return this.depths.map((depth, line) => {
      const same = line && depth === this.depths[line - 1]
        && (!names || names[line] === names[line - 1]);
      at = same ? at + 1 : 0;
      return at;
    });
  }
  formula(line, [formula, ...operands]) {
    const amounts = operands.map((column) => this.units[column][line] ?? 0n);
    if (formula === "Add") return amounts.reduce((sum, each) => sum + each, 0n);
    if (formula === "Less") return amounts[0] - amounts[1];
    return (20000n * amounts[0] + amounts[1]) / (2n * amounts[1]);
  }
  plain(line, column) {
    const { at, figures } = this.columns[column];
    if (at) return this.texts[at[line]];
    if (figures[line][0] === "~") return figures[line].slice(1);
    const units = this.units[column][line];
    return units === null ? "" : grouped(units, this.places(line, column));
  }
  text(line, column) {
    return (this.plain(line, column) + SIGNS[this.flag(line, column)]).trimStart();
  }
  flag(line, column) {
    return this.columns[column].flags?.[line] ?? 0;
  }
  row(line) {
    if (!this.made.has(line)) this.made.set(line, this.#makeRow(line));
    return this.made.get(line);
  }
  #makeRow(line) {
    const depth = this.depths[line];
    const classes = [ROLES[this.roles[line]], depth ? `d${depth}` : ""];
    const row = make("tr", { className: classes.filter(Boolean).join(" ") });
    this.columns.forEach((_, column) => {
      const cell = make(column ? "td" : "th", { textContent: this.text(line, column) });
      if (!column) cell.scope = "row";
      const flag = FLAGS[this.flag(line, column)];
      if (flag) cell.className = flag;
      if (this.bullets?.host === column) cell.prepend(this.#bullet(line) ?? "");
      row.append(cell);
    });
    return row;
  }
  #bullet(line) {
    const { start, stop, series } = this.bullets;
    const [actual, target, expected] = series.map((column) => this.units[column][line]);
    if (line < start || line >= stop || actual === null || !(target > 0n)) return null;
    const share = (units) => {
      const found = (BigInt(2 * MARK) * units + target) / (2n * target);
      return found < 0n ? 0 : found > 100n ? 100 : Number(found);
    };
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = (name, d) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", "path");
      element.setAttribute("class", name);
      element.setAttribute("d", d);
      svg.append(element);
    };
    svg.setAttribute("class", "bullet");
    svg.setAttribute("viewBox", "0 0 100 12");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    path("track", "M0 6h100");
    path("bar", `M0 6h${share(actual)}`);
    if (expected !== undefined && expected !== null) path("due", `M${share(expected)} 2v8`);
    path("mark", `M${MARK} 0v12`);
    return svg;
  }
}

const placesOf = (marks) => {
  let next = 0;
  return marks.map((mark) => {
    if (mark[0] !== "@") return null;
    next += Number(mark.slice(1)) + 1;
    return next - 1;
  });
};

const sumOf = (units, line, [start, count]) => {
  let sum = 0n;
  const first = line + Number(start);
  for (let at = first; at < first + Number(count); at += 1) sum += units[at] ?? 0n;
  return sum;
};

const grouped = (units, places) => {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, ",");
  const rest = places ? `.${digits.slice(-places)}` : "";
  return `${units < 0n ? "-" : ""}${whole}${rest}`;
};

// Two signs are 13 bits, or 14; see printable.py.
const toBytes = (text) => {
  const bytes = new Uint8Array(Math.ceil(text.length * 0.875) + 1);
  let [size, waiting, bits, first] = [0, 0, 0, -1];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const sign = code - 33 - (code > 34) - (code > 38) - (code > 60);
    if (first < 0) {
      first = sign;
      continue;
    }
    const value = first + sign * 91;
    first = -1;
    waiting |= value << bits;
    bits += (value & 8191) > 88 ? 13 : 14;
    for (; bits > 7; bits -= 8) {
      bytes[size] = waiting & 255;
      size += 1;
      waiting >>= 8;
    }
  }
  if (first >= 0) {
    bytes[size] = (waiting | (first << bits)) & 255;
    size += 1;
  }
  return bytes.subarray(0, size);
};

const unpack = async (element) => {
  const bytes = new Blob([toBytes(element.textContent)]).stream();
  return new Response(bytes.pipeThrough(new DecompressionStream("deflate"))).json();
};

// ---- A table that people sort, choose from and fold.

class Table {
  constructor(section, lines) {
    this.section = section;
    this.table = section.querySelector("table");
    this.body = this.table.tBodies[0];
    this.headers = [...this.table.tHead.rows[0].cells];
    this.isOutline = this.table.classList.contains("outline");
    this.lead = this.headers.findIndex((each) => /%/.test(each.textContent));
    this.chosen = new Map();
    this.found = "";
    this.sorted = null;
    this.most = ROWS_AT_ONCE;
    this.open = new Set();
    this.take(lines);
    this.controls();
    this.draw();
    this.table.classList.add("ready");
  }

  take(lines) {
    this.lines = lines;
    this.facets = this.headers.flatMap((each, at) =>
      each.dataset.filter === "facet" ? [at] : []);
    this.group();
    for (const at of this.facets) {
      this.chosen.set(at, withoutSign(lines.text(0, at)));
    }
    if (this.isOutline) this.openTo(this.firstDepth());
  }

  // Lines of one goal are a node: those that follow one another at one depth under one name,
  // until what tells them apart comes again.
  group() {
    const { lines } = this;
    this.nodes = [];
    const path = [];
    let last = null;
    let seen = new Set();
    for (let line = 0; line < lines.size; line += 1) {
      const depth = this.isOutline ? lines.depth(line) : 0;
      const name = lines.text(line, 0);
      const apart = this.facets.map((at) => lines.text(line, at)).join("\n");
      const same = this.isOutline && this.facets.length && last && last.depth === depth
        && last.name === name && !seen.has(apart);
      if (same) {
        last.lines.push(line);
        seen.add(apart);
        continue;
      }
      path.length = Math.min(path.length, depth);
      const above = path.length ? path[path.length - 1] : null;
      last = { depth, name, lines: [line], above, below: [], isBody: lines.isBody(line) };
      seen = new Set([apart]);
      above?.below.push(last);
      while (path.length < depth) path.push(above ?? last);
      path.push(last);
      this.nodes.push(last);
    }
    this.tops = this.nodes.filter((node) => !node.above);
    this.nodeOf = new Map(this.nodes.flatMap((node) => node.lines.map((line) => [line, node])));
  }

  controls() {
    const choices = make("div", { className: "controls" });
    const folding = make("div", { className: "controls" });
    const bodies = this.nodes.filter((node) => node.isBody).length;
    if (bodies > 1) this.addSorting(choices);
    this.addFilters(choices);
    if (this.isOutline && this.nodes.some((node) => node.above)) this.addFolding(folding);
    this.count = make("p", { className: "count" });
    this.count.setAttribute("role", "status");
    const region = this.section.querySelector(".scroll");
    region.classList.toggle("stacked", this.headers.length > MOST_COLUMNS_ON_A_PHONE);
    if (choices.childNodes.length) {
      const folded = make("details", {}, make("summary", { textContent: words.choose }), choices);
      const fold = () => { folded.open = !NARROW.matches; };
      NARROW.addEventListener("change", fold);
      fold();
      region.before(folded);
    }
    if (folding.childNodes.length) region.before(folding);
    if (this.selects.size || this.lines.size > ROWS_AT_ONCE) region.before(this.count);
  }

  // By its headers, and on narrow screens, which have none, by a choice.
  addSorting(bar) {
    this.headers.forEach((header, at) => {
      const button = make("button", { type: "button", className: "sort" });
      button.append(...header.childNodes);
      button.addEventListener("click", () => {
        const [column, down] = this.sorted ?? [];
        this.sort(column !== at ? [at, false] : down ? null : [at, true]);
      });
      header.append(button);
      header.setAttribute("aria-sort", "none");
    });
    this.sorting = make("select");
    this.sorting.append(make("option", { value: "", textContent: words.given }));
    this.headers.forEach((header, at) => {
      for (const direction of ["up", "down"]) {
        this.sorting.append(make("option", {
          value: `${at} ${direction}`,
          textContent: words[direction].replace("{column}", () => header.textContent),
        }));
      }
    });
    this.sorting.addEventListener("change", () => {
      const [at, direction] = this.sorting.value.split(" ");
      this.sort(direction ? [Number(at), direction === "down"] : null);
    });
    bar.append(make("label", { className: "sorting" }, words.sort, this.sorting));
  }

  addFilters(bar) {
    this.selects = new Map();
    this.alike = [];
    this.headers.forEach((header, at) => {
      if (!header.dataset.filter) return;
      const values = this.valuesOf(at);
      if (values.length < 2) {
        this.alike.push(at);
        return;
      }
      const select = make("select");
      select.append(make("option", { value: "", textContent: words.all }));
      for (const value of values) select.append(make("option", { value, textContent: value }));
      select.addEventListener("change", () => {
        if (select.selectedIndex) this.chosen.set(at, select.value);
        else this.chosen.delete(at);
        this.changed();
      });
      this.selects.set(at, select);
      bar.append(make("label", {}, header.textContent, select));
    });
    if (!this.selects.size) return;
    this.search = make("input", { type: "search" });
    this.search.addEventListener("input", () => {
      this.found = this.search.value.trim().toLowerCase();
      this.changed();
    });
    bar.append(make("label", {}, words.find, this.search));
    bar.append(this.button(words.reset, () => this.reset()));
    this.showChosen();
  }

  addFolding(bar) {
    bar.append(
      this.button(words.open_one, () => this.openTo(this.depthShown() + 1)),
      this.button(words.open_all, () => this.openTo(Infinity)),
      this.button(words.close_all, () => this.openTo(0)),
    );
    this.body.addEventListener("click", (event) => {
      const button = event.target.closest(".fold");
      if (button) this.toggle(button.closest("tr"));
    });
    this.body.addEventListener("keydown", (event) => this.key(event));
  }

  button(text, act) {
    const button = make("button", { type: "button", textContent: text });
    button.addEventListener("click", () => {
      act();
      this.draw();
    });
    return button;
  }

  // What a column holds, in the order in which the lines have it.
  valuesOf(at) {
    const values = new Set();
    for (let line = 0; line < this.lines.size; line += 1) {
      if (this.lines.isBody(line)) values.add(withoutSign(this.lines.text(line, at)));
    }
    values.delete("");
    return [...values];
  }

  showChosen() {
    for (const [at, select] of this.selects) select.value = this.chosen.get(at) ?? "";
  }

  reset() {
    this.chosen.clear();
    for (const at of this.facets) this.chosen.set(at, withoutSign(this.lines.text(0, at)));
    this.found = "";
    this.search.value = "";
    this.showChosen();
    this.changed();
  }

  get narrowed() {
    return this.found !== "" || [...this.chosen.keys()].some((at) => !this.facets.includes(at));
  }

  // After a choice the goals above what fits are opened; without one it is as it was before.
  changed() {
    this.most = ROWS_AT_ONCE;
    if (this.isOutline && this.narrowed) {
      this.before ??= this.open;
      this.open = new Set();
      this.match();
      for (const node of this.nodes) {
        for (let each = node.above; each && node.fits && !this.open.has(each); each = each.above) {
          this.open.add(each);
        }
      }
    } else if (this.before) {
      this.open = this.before;
      this.before = null;
    }
    this.draw();
  }

  // Which lines fit, and which goals stay as the way to one that does.
  match() {
    const { lines, narrowed } = this;
    const agrees = (line, columns) => columns.every(
      ([at, value]) => withoutSign(lines.text(line, at)) === value);
    const every = [...this.chosen];
    const facets = every.filter(([at]) => this.facets.includes(at));
    const others = every.filter(([at]) => !this.facets.includes(at));
    for (const node of this.nodes) {
      node.shown = node.lines.filter((line) => agrees(line, facets));
      node.fitting = narrowed
        ? node.shown.filter((line) => lines.isBody(line) && agrees(line, others)
          && lines.text(line, 0).toLowerCase().includes(this.found))
        : node.shown;
      node.fits = node.fitting.length > 0;
      node.isWay = false;
    }
    for (const node of this.nodes) {
      for (let each = node.above; each && node.fits && !each.isWay; each = each.above) {
        each.isWay = true;
      }
    }
  }

  sort(sorted) {
    this.sorted = sorted;
    this.sorting.value = sorted ? `${sorted[0]} ${sorted[1] ? "down" : "up"}` : "";
    this.headers.forEach((header, each) => {
      const direction = this.sorted?.[1] ? "descending" : "ascending";
      header.setAttribute("aria-sort", this.sorted?.[0] === each ? direction : "none");
    });
    this.most = ROWS_AT_ONCE;
    this.draw();
  }

  // Siblings in order; blanks after everything else, totals last.
  ordered(nodes) {
    if (!this.sorted) return [...nodes];
    const [at, down] = this.sorted;
    const figures = "figures" in this.headers[at].dataset;
    const key = (node) => {
      const line = node.fitting[0] ?? node.shown[0] ?? node.lines[0];
      const text = withoutSign(this.lines.text(line, at));
      return figures ? toNumber(text) : text || null;
    };
    const keyed = nodes.map((node) => [node.isBody ? key(node) : null, node]);
    const compare = figures ? (a, b) => a - b : (a, b) => collator.compare(a, b);
    keyed.sort(([a, one], [b, other]) => {
      if (one.isBody !== other.isBody) return one.isBody ? -1 : 1;
      if (a === null || b === null) return (a === null) - (b === null);
      return down ? compare(b, a) : compare(a, b);
    });
    return keyed.map(([, node]) => node);
  }

  // The lines to show, in order; all goals count as open for print.
  order(isPrint) {
    this.match();
    const found = [];
    const waiting = this.ordered(this.tops).reverse();
    while (waiting.length) {
      const node = waiting.pop();
      if (!node.fits && !node.isWay) continue;
      for (const line of node.fits ? node.fitting : node.shown) found.push(line);
      if (node.below.length && (isPrint || this.open.has(node))) {
        waiting.push(...this.ordered(node.below).reverse());
      }
    }
    return found;
  }

  draw(isPrint = false) {
    const order = this.order(isPrint);
    const shown = isPrint ? order : order.slice(0, this.most);
    const rows = shown.map((line) => this.row(line));
    if (order.length > shown.length) rows.push(this.further(order.length - shown.length));
    if (!order.length) {
      rows.push(make("tr", {}, make("td", {
        colSpan: this.headers.length, textContent: words.none,
      })));
    }
    this.body.replaceChildren(...rows);
    this.count.textContent = [...this.choices(), words.count
      .replace("{shown}", shown.length.toLocaleString("en"))
      .replace("{all}", this.lines.size.toLocaleString("en"))].join(" · ");
  }

  // Browsers repeat a header on every page only where no button stands in it.
  toPaper() {
    const [row] = this.table.tHead.rows;
    const plain = row.cloneNode(true);
    for (const button of plain.querySelectorAll("button")) button.replaceWith(...button.childNodes);
    this.onScreen = row;
    row.replaceWith(plain);
    this.draw(true);
  }

  fromPaper() {
    this.table.tHead.rows[0].replaceWith(this.onScreen);
    this.draw();
  }

  // What was chosen, for paper and for narrow screens, where the choices are out of sight.
  choices() {
    const chosen = [...this.chosen].filter(([at]) => this.selects.has(at))
      .map(([at, value]) => `${this.headers[at].textContent} ${value}`);
    return this.found ? [...chosen, `${words.find} ${this.search.value.trim()}`] : chosen;
  }

  row(line) {
    const row = this.lines.row(line);
    const node = this.nodeOf.get(line);
    if (!row.line) this.prepare(row, line, node);
    row.classList.toggle("aside", !node.fits);
    for (const at of this.facets) row.cells[at].classList.toggle("given", this.chosen.has(at));
    for (const at of this.alike) row.cells[at].classList.add("given");
    if (row.handle?.type === "button") row.handle.ariaExpanded = String(this.open.has(node));
    return row;
  }

  // Names for the cells of narrow screens, and a handle to fold by.
  prepare(row, line, node) {
    row.line = line + 1;
    [...row.cells].forEach((cell, at) => {
      if (at) cell.dataset.name = this.headers[at].textContent;
      if (at && at === this.lead) cell.classList.add("first");
    });
    if (!this.isOutline) return;
    const inner = node.below.length
      ? make("button", { type: "button", className: "fold" })
      : make("span", { className: "leaf", tabIndex: -1 });
    inner.append(...row.cells[0].childNodes);
    row.cells[0].append(inner);
    row.handle = inner;
  }

  further(left) {
    const next = Math.min(left, ROWS_AT_ONCE);
    const button = make("button", {
      type: "button",
      textContent: words.next.replace("{next}", next).replace("{left}", left.toLocaleString("en")),
    });
    button.addEventListener("click", () => {
      const at = this.most;
      this.most += ROWS_AT_ONCE;
      this.draw();
      this.body.rows[at]?.handle?.focus();
    });
    return make("tr", { className: "further" },
      make("td", { colSpan: this.headers.length }, button));
  }

  toggle(row, wanted) {
    const node = this.nodeOf.get(row.line - 1);
    const isOpen = this.open.has(node);
    if (!node.below.length || wanted === isOpen) return false;
    if (isOpen) this.open.delete(node);
    else this.open.add(node);
    const handle = row.handle;
    this.draw();
    handle.focus();
    return true;
  }

  depthShown() {
    const depths = this.nodes.filter((node) => this.open.has(node)).map((node) => node.depth);
    return depths.reduce((most, each) => Math.max(most, each), -1) + 1;
  }

  // As many levels as fit on a screen, at least the one below the top.
  firstDepth() {
    let depth = 1;
    while (depth < 64
      && this.nodes.filter((node) => node.depth <= depth + 1).length <= ROWS_AT_FIRST) depth += 1;
    return depth;
  }

  openTo(depth) {
    this.open = new Set(this.nodes.filter((node) => node.below.length && node.depth < depth));
  }

  key(event) {
    const row = event.target.closest("tr");
    if (!row?.line || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = (to) => to?.handle?.focus();
    const act = {
      ArrowDown: () => step(row.nextElementSibling),
      ArrowUp: () => step(row.previousElementSibling),
      Home: () => step(this.body.firstElementChild),
      End: () => step([...this.body.rows].findLast((each) => each.handle)),
      ArrowRight: () => this.toggle(row, true) || this.isOpen(row) && step(row.nextElementSibling),
      ArrowLeft: () => this.toggle(row, false) || step(this.rowAbove(row)),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  isOpen(row) {
    return this.open.has(this.nodeOf.get(row.line - 1));
  }

  rowAbove(row) {
    const { above } = this.nodeOf.get(row.line - 1);
    return above && [...this.body.rows].find(
      (each) => each.line && this.nodeOf.get(each.line - 1) === above);
  }
}

// ---- Light and dark, and the page as a whole.

const remembered = (value) => {
  try {
    if (value) localStorage.setItem("salesgoal-theme", value);
    return localStorage.getItem("salesgoal-theme");
  } catch {
    return null;
  }
};

const showTheme = (theme) => {
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;
};
showTheme(remembered());

const addTools = () => {
  const tools = document.getElementById("tools");
  const isDark = () => root.dataset.theme
    ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = make("button", { type: "button", id: "theme" });
  const say = () => { theme.textContent = isDark() ? words.light : words.dark; };
  theme.addEventListener("click", () => {
    const next = isDark() ? "light" : "dark";
    showTheme(next);
    remembered(next);
    say();
  });
  say();
  const print = make("button", {
    type: "button", className: "print", textContent: words.print,
  });
  print.addEventListener("click", () => window.print());
  tools.append(theme, print);
};

// The packed lines, by the section that they belong to.
const unpackAll = async () => {
  const element = document.getElementById("packed");
  const found = new Map();
  if (!element || typeof DecompressionStream !== "function") return found;
  const { texts, sheets } = await unpack(element);
  const before = [];
  element.dataset.sections.split(",").forEach((id, at) => {
    const given = document.querySelector(`#${id} table`).dataset.bullets;
    const [start, stop, host, ...series] = given ? given.split(",").map(Number) : [];
    const bullets = given ? { start, stop, host, series } : null;
    before.push(new Packed(sheets[at], texts, [...before], bullets));
    found.set(id, before[at]);
  });
  return found;
};

document.addEventListener("DOMContentLoaded", async () => {
  words = JSON.parse(document.getElementById("words").textContent);
  collator = new Intl.Collator(root.lang, { numeric: true });
  addTools();
  const tables = [];
  addEventListener("beforeprint", () => tables.forEach((each) => each.toPaper()));
  addEventListener("afterprint", () => tables.forEach((each) => each.fromPaper()));
  const packed = await unpackAll();
  for (const section of document.querySelectorAll("section")) {
    const table = section.querySelector("table");
    if (!table) continue;
    tables.push(new Table(section, packed.get(section.id) ?? new Rows(table)));
    if (packed.has(section.id)) section.querySelector(".left-out").hidden = true;
  }
  root.classList.add("ready");
  performance.mark("ready");
});
